import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens for scripts and bots, by the digests of their texts. */
export class AddApiTokens1795400020000 implements MigrationInterface {
  name = 'AddApiTokens1795400020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "api_tokens" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "name" text NOT NULL, "digest" text NOT NULL, "hint" text NOT NULL, "verbs" jsonb NOT NULL, "apps" jsonb NOT NULL, "environments" jsonb NOT NULL, "created_by" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP(3) WITH TIME ZONE, "last_used_at" TIMESTAMP(3) WITH TIME ZONE, "revoked_at" TIMESTAMP(3) WITH TIME ZONE, "revoked_by" text, CONSTRAINT "PK_c587455266b5fa8dace7194caac" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "api_tokens_by_digest" ON "api_tokens"  ("digest")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "api_tokens"`);
  }
}
