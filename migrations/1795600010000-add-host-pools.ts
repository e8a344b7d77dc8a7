import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Host pools, their hosts, the history of their size, and what scales by itself. */
export class AddHostPools1795600010000 implements MigrationInterface {
  name = 'AddHostPools1795600010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE TABLE "host_pools" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "stack_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "kind" text NOT NULL, "group_name" text, "region" text, "launch" jsonb, "memory_mb" integer, "cpus" double precision, "min_hosts" integer NOT NULL DEFAULT '0', "max_hosts" integer NOT NULL DEFAULT '0', "desired_hosts" integer NOT NULL DEFAULT '0', "mode" text NOT NULL DEFAULT 'automatic', "head_room_percent" integer NOT NULL DEFAULT '10', "scale_in_after_seconds" integer NOT NULL DEFAULT '600', "cool_down_seconds" integer NOT NULL DEFAULT '120', "scale_to_zero" boolean NOT NULL DEFAULT false, "join_deadline_seconds" integer NOT NULL DEFAULT '600', "drain_deadline_seconds" integer NOT NULL DEFAULT '1800', "wait_for_room_seconds" integer NOT NULL DEFAULT '900', "surplus_since" TIMESTAMP(3) WITH TIME ZONE, "scaled_at" TIMESTAMP(3) WITH TIME ZONE, "advice" jsonb, "trouble" text, "trouble_since" TIMESTAMP(3) WITH TIME ZONE, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "deleted_at" TIMESTAMP(3) WITH TIME ZONE, "version" integer NOT NULL DEFAULT '1', CONSTRAINT "PK_1a3a603c424dbc713c14906531e" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "host_pools_one_per_group" ON "host_pools"  ("region", "group_name") WHERE deleted_at IS NULL`,
  `CREATE UNIQUE INDEX "host_pools_one_per_place" ON "host_pools"  ("stack_id", "environment_id") WHERE deleted_at IS NULL`,
  `CREATE TABLE "capacity_changes" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "pool_id" bigint NOT NULL, "from_hosts" integer NOT NULL, "to_hosts" integer NOT NULL, "cause" text NOT NULL, "reason" text NOT NULL, "applied" boolean NOT NULL, "requested_by" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_4e6c276e18a5487127e5c74a930" PRIMARY KEY ("id"))`,
  `CREATE INDEX "capacity_changes_by_pool" ON "capacity_changes"  ("pool_id", "id")`,
  `CREATE TABLE "pool_hosts" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "pool_id" bigint NOT NULL, "instance_id" text, "host" text, "lifecycle_state" text, "instance_type" text, "zone" text, "address" text, "protected" boolean NOT NULL DEFAULT false, "launched_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "joined_at" TIMESTAMP(3) WITH TIME ZONE, "leaving_cause" text, "leaving_reason" text, "leaving_since" TIMESTAMP(3) WITH TIME ZONE, "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE, "released_at" TIMESTAMP(3) WITH TIME ZONE, "gone_at" TIMESTAMP(3) WITH TIME ZONE, "trouble" text, CONSTRAINT "PK_3a9b0e2ea36ea7af028b34b0ce2" PRIMARY KEY ("id"))`,
  `CREATE INDEX "pool_hosts_living" ON "pool_hosts"  ("pool_id") WHERE gone_at IS NULL`,
  `CREATE UNIQUE INDEX "pool_hosts_one_per_instance" ON "pool_hosts"  ("pool_id", "instance_id") WHERE instance_id IS NOT NULL`,
  `CREATE TABLE "pool_samples" ("pool_id" bigint NOT NULL, "at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "desired_hosts" integer NOT NULL, "hosts" integer NOT NULL, "memory_mb" integer NOT NULL, "cpus" double precision NOT NULL, "reserved_memory_mb" integer NOT NULL, "reserved_cpus" double precision NOT NULL, "instances" integer NOT NULL, "waiting" integer NOT NULL, CONSTRAINT "PK_pool_samples" PRIMARY KEY ("pool_id", "at"))`,
  `CREATE TABLE "scaling_settings" ("id" integer NOT NULL, "mode" text NOT NULL DEFAULT 'automatic', "installation_id" text NOT NULL, "changed_by" text, "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_d9e7d19972e6adf927c86f50be4" PRIMARY KEY ("id"))`,
  `CREATE TABLE "worker_scalings" ("worker_id" bigint NOT NULL, "min_scale" integer NOT NULL, "max_scale" integer NOT NULL, "mode" text NOT NULL DEFAULT 'automatic', "schedules" jsonb NOT NULL DEFAULT '[]', "metric" jsonb, "scale_in_after_seconds" integer NOT NULL DEFAULT '300', "cool_down_seconds" integer NOT NULL DEFAULT '60', "last_value" double precision, "last_value_at" TIMESTAMP(3) WITH TIME ZONE, "lower_since" TIMESTAMP(3) WITH TIME ZONE, "scaled_at" TIMESTAMP(3) WITH TIME ZONE, "reason" text, "trouble" text, "version" integer NOT NULL DEFAULT '1', CONSTRAINT "PK_d9812b701940cbf56720ae9bbc9" PRIMARY KEY ("worker_id"))`,
  `ALTER TABLE "deploys" ADD "room_wanted_since" TIMESTAMP(3) WITH TIME ZONE`,
  `ALTER TABLE "deploys" ADD "room_wanted" jsonb`,
  `ALTER TABLE "workers" ADD "may_move" boolean NOT NULL DEFAULT true`,
  `ALTER TABLE "host_pools" ADD CONSTRAINT "FK_2d88e820ef593a9d489d8069587" FOREIGN KEY ("stack_id") REFERENCES "stacks"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "host_pools" ADD CONSTRAINT "FK_85056c1d7c897c40cd1991d9d51" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "capacity_changes" ADD CONSTRAINT "FK_8708c8c78932ae23a62478f87f7" FOREIGN KEY ("pool_id") REFERENCES "host_pools"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "pool_hosts" ADD CONSTRAINT "FK_57b312d23db8c08dff185824a08" FOREIGN KEY ("pool_id") REFERENCES "host_pools"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "pool_samples" ADD CONSTRAINT "FK_166dc053e4cedbc89126c540543" FOREIGN KEY ("pool_id") REFERENCES "host_pools"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "worker_scalings" ADD CONSTRAINT "FK_d9812b701940cbf56720ae9bbc9" FOREIGN KEY ("worker_id") REFERENCES "workers"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `INSERT INTO "scaling_settings" ("id", "installation_id") VALUES (1, gen_random_uuid()::text)`,
];

const DOWN = [
  `DROP TABLE "worker_scalings"`,
  `DROP TABLE "scaling_settings"`,
  `DROP TABLE "pool_samples"`,
  `DROP TABLE "pool_hosts"`,
  `DROP TABLE "capacity_changes"`,
  `DROP TABLE "host_pools"`,
  `ALTER TABLE "workers" DROP COLUMN "may_move"`,
  `ALTER TABLE "deploys" DROP COLUMN "room_wanted"`,
  `ALTER TABLE "deploys" DROP COLUMN "room_wanted_since"`,
];
