import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of an app's builds, sealed. */
export class AddBuildSecrets1795500020000 implements MigrationInterface {
  name = 'AddBuildSecrets1795500020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "build_secrets"`);
  }
}

const UP = [
  `CREATE TABLE "build_secrets" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "name" text NOT NULL, "version" integer NOT NULL, "secret" jsonb NOT NULL, "author" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "retired_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_12856fbf1c3a72cbf0b3b74260b" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "build_secrets_one_per_version" ON "build_secrets"  ("app_id", "name", "version")`,
  `CREATE UNIQUE INDEX "build_secrets_one_per_name" ON "build_secrets"  ("app_id", "name") WHERE retired_at IS NULL`,
  `ALTER TABLE "build_secrets" ADD CONSTRAINT "FK_ec6ebf1218f975c79f95658a338" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];
