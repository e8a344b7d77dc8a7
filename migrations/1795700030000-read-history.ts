import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the last deploys of each place, and lets a session begin with any token. */
export class ReadHistory1795700030000 implements MigrationInterface {
  name = 'ReadHistory1795700030000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE INDEX "deploys_by_place_and_age" ON "deploys"  ("app_id", "environment_id", "id")`,
  `ALTER TABLE "sessions" ALTER COLUMN "github_id" DROP NOT NULL`,
];

const DOWN = [
  `DELETE FROM "sessions" WHERE "github_id" IS NULL`,
  `ALTER TABLE "sessions" ALTER COLUMN "github_id" SET NOT NULL`,
  `DROP INDEX "deploys_by_place_and_age"`,
];
