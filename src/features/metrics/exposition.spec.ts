import { describe, expect, it } from 'vitest';
import { expositionOf } from './exposition.js';

describe('the text for Prometheus', () => {
  it('has a head for each metric, and its values below', () => {
    const text = expositionOf([
      { metric: 'jockey_builds_running', value: 2 },
      { metric: 'jockey_builds_waiting', value: 1 },
    ]);
    expect(text).toBe(
      [
        '# HELP jockey_builds_waiting Builds that wait for their turn.',
        '# TYPE jockey_builds_waiting gauge',
        'jockey_builds_waiting 1',
        '# HELP jockey_builds_running Builds that run, on all hosts.',
        '# TYPE jockey_builds_running gauge',
        'jockey_builds_running 2',
        '',
      ].join('\n'),
    );
  });

  it('keeps what stands in a label inside its quotes', () => {
    const text = expositionOf([{ metric: 'jockey_host_lost', labels: { host: 'a"b\\c\nd' }, value: 1 }]);
    expect(text).toContain('jockey_host_lost{host="a\\"b\\\\c\\nd"} 1\n');
  });

  it('counts in each bucket all that lies below its limit', () => {
    const buckets = [1, 2, ...Array.from({ length: 11 }, () => 0), 4];
    const text = expositionOf([{ metric: 'jockey_build_wait_seconds', buckets, sum: 9000 }]);
    expect(text).toContain('jockey_build_wait_seconds_bucket{le="1"} 1\n');
    expect(text).toContain('jockey_build_wait_seconds_bucket{le="2.5"} 3\n');
    expect(text).toContain('jockey_build_wait_seconds_bucket{le="3600"} 3\n');
    expect(text).toContain('jockey_build_wait_seconds_bucket{le="+Inf"} 7\n');
    expect(text).toContain('jockey_build_wait_seconds_count 7\n');
  });

  it('says nothing of what has no figures', () => expect(expositionOf([])).toBe(''));
});
