import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What new hosts ask for certificates with, and what they were given. */
export class AddHostJoins1795600070000 implements MigrationInterface {
  name = 'AddHostJoins1795600070000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE TABLE "host_certificates" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "stack_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "machine" text, "address" text NOT NULL, "public_key" text NOT NULL, "serial" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "PK_4d2f34d81b6783d602852e7c185" PRIMARY KEY ("id"))`,
  `CREATE INDEX "host_certificates_by_machine" ON "host_certificates"  ("machine")`,
  `CREATE TABLE "host_join_tokens" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "stack_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "digest" text NOT NULL, "launches" boolean NOT NULL DEFAULT false, "created_by" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "uses" integer NOT NULL DEFAULT '0', "last_used_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_dc281901be5ba030546befdb549" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "host_join_tokens_by_digest" ON "host_join_tokens"  ("digest")`,
  `ALTER TABLE "host_certificates" ADD CONSTRAINT "FK_bbcac80855e68a9979a5faeb81a" FOREIGN KEY ("stack_id") REFERENCES "stacks"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "host_certificates" ADD CONSTRAINT "FK_30719de7748846181262766a674" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "host_join_tokens" ADD CONSTRAINT "FK_7caae569fb69e6b595f1426caa8" FOREIGN KEY ("stack_id") REFERENCES "stacks"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "host_join_tokens" ADD CONSTRAINT "FK_4e7e910b7bb10b7b0dc75c4bde6" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];

const DOWN = [`DROP TABLE "host_join_tokens"`, `DROP TABLE "host_certificates"`];
