import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What GitHub calls the deployment that tells of a deploy. */
@Entity('github_deployments')
export class GithubDeploymentRow {
  @PrimaryColumn({ name: 'deploy_id', type: 'bigint' }) deployId!: string;
  @Column({ name: 'github_id', type: 'text' }) githubId!: string;
}
