/** Hosts of queues: https://docs.aws.amazon.com/general/latest/gr/sqs-service.html; those of VPC end points are alike. */
const HOST = /(?:^|\.)sqs(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d{1,2})\./;

/** The region of a queue by its URL; null where the URL does not say it, as that of a stand-in on loopback. */
export function queueRegion(url: string): string | null {
  return HOST.exec(new URL(url).hostname)?.[1] ?? null;
}
