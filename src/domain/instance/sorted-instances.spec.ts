import { expect, it } from 'vitest';
import { anInstance, observed } from '../../../test/factories/instances.js';
import { sortedInstances } from './sorted-instances.js';

it('instances are sorted by worker, slot, attempt and id, and the given list is left as it is', () => {
  const given = [
    observed(anInstance({ id: 'e', workerId: '2' })),
    observed(anInstance({ id: 'd', slot: 10 })),
    observed(anInstance({ id: 'c', slot: 2, attempt: 2 })),
    observed(anInstance({ id: 'b', slot: 2 })),
    observed(anInstance({ id: 'a', slot: 2 })),
  ];
  expect(sortedInstances(given).map(({ instance }) => instance.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(given[0]?.instance.id).toBe('e');
});
