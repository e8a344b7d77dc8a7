import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema: the nouns, their one-at-a-time indexes, logs and leases. */
export class CreateSchema1795230000000 implements MigrationInterface {
  name = 'CreateSchema1795230000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "stacks" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "name" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_75f04b9bdb2a366ff0e196ba97d" UNIQUE ("name"), CONSTRAINT "PK_04890620d6f2e3102d6756b1db0" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "apps" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "name" text NOT NULL, "repo" text NOT NULL, "git_url" text, "subscribe_to_github_webhook" boolean NOT NULL DEFAULT false, "stack_id" bigint NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "deleted_at" TIMESTAMP(3) WITH TIME ZONE, "version" integer NOT NULL, CONSTRAINT "PK_c5121fda0f8268f1f7f84134e19" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "apps_name_living" ON "apps"  ("name") WHERE deleted_at IS NULL`);
    await queryRunner.query(
      `CREATE TABLE "builds" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "ref" text NOT NULL, "rref" text NOT NULL, "state" text NOT NULL DEFAULT 'in_progress', "callback_url" text, "failure_reason" text, "image" text, "container_host" text, "container_id" text, "attempts" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "completed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_c181c897db1d7b044faace6e86c" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "builds_by_state" ON "builds"  ("state")`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "builds_one_per_app_sha" ON "builds"  ("app_id", "rref") WHERE state <> 'failed'`,
    );
    await queryRunner.query(
      `CREATE TABLE "environments" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "name" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_9d00da4836959b86d7590f60c57" UNIQUE ("name"), CONSTRAINT "PK_ec32d12469ec3c2f2f20c4f5e71" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "config_sets" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "version" integer NOT NULL DEFAULT '1', "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_88c71a5cfa0444a21270e3e4c43" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "config_sets_one_per_app_environment" ON "config_sets"  ("app_id", "environment_id")`,
    );
    await queryRunner.query(
      `CREATE TABLE "config_versions" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "config_set_id" bigint NOT NULL, "version" integer NOT NULL, "config" jsonb NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_bfe5d82a380b937e42bbb72109b" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "config_versions_one_per_number" ON "config_versions"  ("config_set_id", "version")`,
    );
    await queryRunner.query(
      `CREATE TABLE "deploys" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "build_id" bigint, "rref" text NOT NULL, "state" text NOT NULL DEFAULT 'created', "outcome" text, "failure_reason" text, "failure" jsonb, "callback_url" text, "config_version_id" bigint, "workers" jsonb, "container_host" text, "container_id" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "completed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_9154e031234b1a8b6cd91de6ab0" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "deploys_by_app_environment" ON "deploys"  ("app_id", "environment_id", "state")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "deploys_one_in_progress" ON "deploys"  ("app_id", "environment_id") WHERE state IN ('created', 'building', 'deploying')`,
    );
    await queryRunner.query(
      `CREATE TABLE "hosts" ("name" text NOT NULL, "cordoned" boolean NOT NULL DEFAULT false, "reason" text, "memory_mb" integer, "cpus" double precision, "observed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_d6d891591add4f442af21db7fb5" PRIMARY KEY ("name"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "idempotency_keys" ("key" text NOT NULL, "body_digest" text NOT NULL, "status" integer, "answer" jsonb, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_0afd83cbf08c9d12089a9bffc5e" PRIMARY KEY ("key"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "workers" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "name" text NOT NULL, "command" text NOT NULL, "scale" integer NOT NULL DEFAULT '0', "port" integer, "memory_mb" integer NOT NULL DEFAULT '256', "cpus" double precision NOT NULL DEFAULT '0.1', "health_path" text NOT NULL DEFAULT '/', "health_interval_seconds" integer NOT NULL DEFAULT '2', "health_timeout_seconds" integer NOT NULL DEFAULT '2', "health_deadline_seconds" integer NOT NULL DEFAULT '120', "drain_seconds" integer NOT NULL DEFAULT '5', "stop_grace_seconds" integer NOT NULL DEFAULT '10', "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "version" integer NOT NULL, CONSTRAINT "PK_e950c9aba3bd84a4f193058d838" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "workers_one_name_per_app_environment" ON "workers"  ("app_id", "environment_id", "name")`,
    );
    await queryRunner.query(
      `CREATE TABLE "instances" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "worker_id" bigint NOT NULL, "deploy_id" bigint NOT NULL, "slot" integer NOT NULL, "attempt" integer NOT NULL DEFAULT '1', "container_name" text NOT NULL, "container_id" text, "host" text NOT NULL, "host_port" integer, "spec" jsonb NOT NULL, "memory_mb" integer NOT NULL, "cpus" double precision NOT NULL, "desired" text NOT NULL DEFAULT 'running', "state" text NOT NULL DEFAULT 'planned', "failure" jsonb, "planned_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP(3) WITH TIME ZONE, "healthy_at" TIMESTAMP(3) WITH TIME ZONE, "draining_at" TIMESTAMP(3) WITH TIME ZONE, "ended_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_11862209053330b4765f7f54178" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "instances_living_by_host" ON "instances"  ("host") WHERE state <> 'stopped'`,
    );
    await queryRunner.query(
      `CREATE INDEX "instances_living" ON "instances"  ("app_id", "environment_id") WHERE state <> 'stopped'`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "instances_one_per_host_port" ON "instances"  ("host", "host_port") WHERE state <> 'stopped'`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "instances_one_per_slot_and_deploy" ON "instances"  ("worker_id", "slot", "deploy_id") WHERE state NOT IN ('stopped', 'failed')`,
    );
    await queryRunner.query(
      `CREATE TABLE "leases" ("key" text NOT NULL, "holder" text NOT NULL, "reason" text NOT NULL, "token" bigint NOT NULL, "acquired_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "PK_daeaa1b58c852fecef65f3e189f" PRIMARY KEY ("key"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "log_lines" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "subject" text NOT NULL, "subject_id" bigint NOT NULL, "timestamp" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "logger" text NOT NULL, "level" text NOT NULL DEFAULT 'info', "text" text NOT NULL, CONSTRAINT "PK_afbfc24bb46a2117214ded84912" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "log_lines_in_order" ON "log_lines"  ("subject", "subject_id", "id")`);
    await queryRunner.query(
      `CREATE TABLE "reconciles" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "environment_id" bigint NOT NULL, "app_id" bigint, "state" text NOT NULL DEFAULT 'in_progress', "plan" jsonb NOT NULL DEFAULT '[]', "pending" jsonb NOT NULL DEFAULT '[]', "failure_reason" text, "callback_url" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "completed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_e426501fc9ab882c7fba9a85d90" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "reconciles_in_progress" ON "reconciles"  ("environment_id") WHERE state = 'in_progress'`,
    );
    await queryRunner.query(
      `ALTER TABLE "apps" ADD CONSTRAINT "FK_a62a466a637f5d7101993ac6f2f" FOREIGN KEY ("stack_id") REFERENCES "stacks"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "builds" ADD CONSTRAINT "FK_231c3800bafae63c236c8966233" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "config_sets" ADD CONSTRAINT "FK_faca8805d76fa66998fde7cf6e1" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "config_sets" ADD CONSTRAINT "FK_a86abf3983c9535d3ea6794e4c2" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "config_versions" ADD CONSTRAINT "FK_4206f1622eb48d91367ee224655" FOREIGN KEY ("config_set_id") REFERENCES "config_sets"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "deploys" ADD CONSTRAINT "FK_48501cc12c1881221a98e676371" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "deploys" ADD CONSTRAINT "FK_7cb9e1108475e646928b89b2e00" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "deploys" ADD CONSTRAINT "FK_c29898d79e839e7a07aeb8b64d7" FOREIGN KEY ("build_id") REFERENCES "builds"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "deploys" ADD CONSTRAINT "FK_6d59978552c2db2a159fa69ce17" FOREIGN KEY ("config_version_id") REFERENCES "config_versions"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workers" ADD CONSTRAINT "FK_82a82f2dec417d1fd7cd7dfeda8" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workers" ADD CONSTRAINT "FK_a25fb85a9041a8c906e005ed86e" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "instances" ADD CONSTRAINT "FK_e1575f7e08b048507748e4dd3e5" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "instances" ADD CONSTRAINT "FK_cf132daba781b47aaed2815ebb6" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "instances" ADD CONSTRAINT "FK_be49a5806632d5eb162fd219d36" FOREIGN KEY ("worker_id") REFERENCES "workers"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "instances" ADD CONSTRAINT "FK_899dce43ca31ce6730dd0128c6f" FOREIGN KEY ("deploy_id") REFERENCES "deploys"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "reconciles" ADD CONSTRAINT "FK_30bb3483c66035ff6e32fe809f7" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "reconciles" ADD CONSTRAINT "FK_e7308fa8146df8188017a3303ea" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE stacks, apps, builds, environments, config_sets, config_versions, deploys, hosts, idempotency_keys, workers, instances, leases, log_lines, reconciles CASCADE',
    );
  }
}
