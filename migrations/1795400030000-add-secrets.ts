import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of Config Sets, sealed; and of each version who wrote it and why. */
export class AddSecrets1795400030000 implements MigrationInterface {
  name = 'AddSecrets1795400030000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "config_versions" ADD "secrets" jsonb NOT NULL DEFAULT '{}', ADD "author" text, ADD "reason" text`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "config_versions" DROP "secrets", DROP "author", DROP "reason"`);
  }
}
