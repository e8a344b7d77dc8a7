import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The count that the group of a pool was last told: what differs from it was changed by somebody else. */
export class KeepWhatGroupsWereTold1795600030000 implements MigrationInterface {
  name = 'KeepWhatGroupsWereTold1795600030000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "host_pools" ADD "told_hosts" integer');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "host_pools" DROP COLUMN "told_hosts"');
  }
}
