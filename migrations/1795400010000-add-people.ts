import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who came in by GitHub, and the sign-ins of browsers. */
export class AddPeople1795400010000 implements MigrationInterface {
  name = 'AddPeople1795400010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "sessions"');
    await queryRunner.query('DROP TABLE "people"');
  }
}

const UP = [
  `CREATE TABLE "people" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "github_id" text NOT NULL, "login" text NOT NULL, "name" text, "first_seen_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "last_seen_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_aa866e71353ee94c6cc51059c5b" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "people_one_per_account" ON "people"  ("github_id")`,
  `CREATE TABLE "sessions" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "digest" text NOT NULL, "github_id" text NOT NULL, "login" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "ended_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_3238ef96f18b355b671619111bc" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "sessions_one_per_digest" ON "sessions"  ("digest")`,
  `CREATE INDEX "sessions_by_expiry" ON "sessions"  ("expires_at")`,
];
