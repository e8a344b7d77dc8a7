import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Push rules, hooks and what they delivered, and what GitHub is told. */
export class AddGithubWebhooks1795400050000 implements MigrationInterface {
  name = 'AddGithubWebhooks1795400050000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE TABLE "push_rules" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "branch" text NOT NULL, "environment_id" bigint NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_b4c04f200b3343695f9e922387f" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "push_rules_once" ON "push_rules"  ("app_id", "branch", "environment_id")`,
  `CREATE TABLE "github_hooks" ("app_id" bigint NOT NULL, "secret" jsonb, "pending_secret" jsonb, "hook_id" text, "repo" text, "installed_at" TIMESTAMP(3) WITH TIME ZONE, "failure" text, "attempts" integer NOT NULL DEFAULT '0', "retry_at" TIMESTAMP(3) WITH TIME ZONE, "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ca81aeb93e87410169d8c094d7e" PRIMARY KEY ("app_id"))`,
  `CREATE TABLE "webhook_deliveries" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "guid" text NOT NULL, "event" text NOT NULL, "digest" text NOT NULL, "ref" text, "pushed_at" bigint, "headers" jsonb NOT NULL, "body" bytea, "bytes" integer NOT NULL, "accepted" boolean NOT NULL, "answer" jsonb NOT NULL, "replay_of" bigint, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_535dd409947fb6d8fc6dfc0112a" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "webhook_deliveries_guid" ON "webhook_deliveries"  ("app_id", "guid") WHERE replay_of IS NULL`,
  `CREATE INDEX "webhook_deliveries_by_digest" ON "webhook_deliveries"  ("app_id", "digest")`,
  `CREATE INDEX "webhook_deliveries_with_body" ON "webhook_deliveries"  ("created_at") WHERE body IS NOT NULL`,
  `CREATE TABLE "github_deployments" ("deploy_id" bigint NOT NULL, "github_id" text NOT NULL, CONSTRAINT "PK_beb324b8d720c8f2d4869a1abd2" PRIMARY KEY ("deploy_id"))`,
  `ALTER TABLE "apps" ADD "report_to_github" boolean NOT NULL DEFAULT false`,
  `UPDATE "apps" SET "report_to_github" = "subscribe_to_github_webhook"`,
  `ALTER TABLE "push_rules" ADD CONSTRAINT "FK_8830dd067ef2d472f5f2ae8fc83" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "push_rules" ADD CONSTRAINT "FK_be130a14515b1cbf98985e2d28a" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "github_hooks" ADD CONSTRAINT "FK_ca81aeb93e87410169d8c094d7e" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "FK_389c52b4d3aff4326309c73b480" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];

const DOWN = [
  `ALTER TABLE "apps" DROP "report_to_github"`,
  `DROP TABLE "github_deployments", "webhook_deliveries", "github_hooks", "push_rules"`,
];
