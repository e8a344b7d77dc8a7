import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit, which can only be added to, and what binds an `Idempotency-Key` to what its request wrote. */
export class AddAudit1795400040000 implements MigrationInterface {
  name = 'AddAudit1795400040000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, APPEND, ...GUARDS]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const TABLES = [
  `CREATE TABLE "audit_entries" ("id" bigint NOT NULL, "write_id" bigint NOT NULL, "phase" text NOT NULL, "at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "request_id" text NOT NULL, "actor_kind" text NOT NULL, "actor_name" text NOT NULL, "actor_login" text, "operation" text NOT NULL, "verb" text, "subject" text NOT NULL, "subject_id" text, "app_id" bigint, "environment" text, "method" text NOT NULL, "path" text NOT NULL, "ip" text NOT NULL, "user_agent" text NOT NULL, "status" integer, "error" text, "replayed" boolean NOT NULL DEFAULT false, "input" text, "before" text, "after" text, "previous_hash" text NOT NULL, "hash" text NOT NULL, CONSTRAINT "PK_audit_entries" PRIMARY KEY ("id"))`,
  `CREATE INDEX "audit_entries_of_write" ON "audit_entries"  ("write_id")`,
  `CREATE INDEX "audit_entries_by_request" ON "audit_entries"  ("request_id")`,
  `CREATE TABLE "audit_head" ("one" boolean PRIMARY KEY DEFAULT true CHECK ("one"), "last_id" bigint NOT NULL, "hash" text NOT NULL)`,
  `INSERT INTO "audit_head" ("last_id", "hash") VALUES (0, repeat('0', 64))`,
  `ALTER TABLE "idempotency_keys" ADD "run" text NOT NULL DEFAULT '', ADD "runs_until" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), ADD "effect" jsonb, ADD "sealed" jsonb`,
];

/** One statement from the API, so that the chain is locked no longer than it takes to add one entry. */
const APPEND = `CREATE FUNCTION append_audit_entry(said jsonb, of_write bigint, canonical text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head audit_head;
  entry audit_entries;
BEGIN
  SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
  entry := jsonb_populate_record(NULL::audit_entries, said);
  entry.id := head.last_id + 1;
  entry.write_id := COALESCE(of_write, entry.id);
  entry.previous_hash := head.hash;
  entry.hash := encode(sha256(convert_to(concat_ws(E'\\n', head.hash, entry.id, entry.write_id, canonical), 'UTF8')), 'hex');
  INSERT INTO audit_entries SELECT entry.*;
  UPDATE audit_head SET last_id = entry.id, hash = entry.hash;
  RETURN entry.id;
END $$`;

/** The head may only move on by one, to an entry that is there. */
const GUARDS = [
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit can only be added to: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$`,
  `CREATE FUNCTION check_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_id <> OLD.last_id + 1 OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.last_id AND hash = NEW.hash AND previous_hash = OLD.hash) THEN
    RAISE EXCEPTION 'the head of the audit only moves on with an entry';
  END IF;
  RETURN NEW;
END $$`,
  `CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON "audit_head" FOR EACH ROW EXECUTE FUNCTION check_audit_head()`,
  `CREATE TRIGGER audit_head_stays BEFORE DELETE ON "audit_head" FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON "audit_head" FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
];

const DOWN = [
  `ALTER TABLE "idempotency_keys" DROP "run", DROP "runs_until", DROP "effect", DROP "sealed"`,
  `DROP FUNCTION append_audit_entry`,
  `DROP TABLE "audit_entries", "audit_head"`,
  `DROP FUNCTION refuse_audit_change`,
  `DROP FUNCTION check_audit_head`,
];
