import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was removed of what builds left behind, and when. */
export class AddCleanUps1795500050000 implements MigrationInterface {
  name = 'AddCleanUps1795500050000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "clean_ups"`);
  }
}

const UP = [
  `CREATE TABLE "clean_ups" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "state" text NOT NULL DEFAULT 'requested', "requested_by" text, "removed" jsonb NOT NULL DEFAULT '[]', "removed_count" integer NOT NULL DEFAULT '0', "bytes" double precision NOT NULL DEFAULT '0', "logs_removed" integer NOT NULL DEFAULT '0', "troubles" jsonb NOT NULL DEFAULT '[]', "failure_reason" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP(3) WITH TIME ZONE, "completed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_16c2ec98b9aaec627132e2ad069" PRIMARY KEY ("id"))`,
  `CREATE INDEX "clean_ups_by_state" ON "clean_ups"  ("state")`,
];
