import type { Resources } from '../host/host.js';
import { cpusOf, microCpus } from '../host/resources.js';
import type { Size } from '../placement/room.js';

/** Nothing at all. */
export const NOTHING: Size = { memoryMb: 0, micro: 0 };

/** Resources in whole numbers, so that sums are exact. */
export function amountOf({ memoryMb, cpus }: Resources): Size {
  return { memoryMb, micro: microCpus(cpus) };
}

/** Both together. */
export function plus(one: Size, other: Size): Size {
  return { memoryMb: one.memoryMb + other.memoryMb, micro: one.micro + other.micro };
}

/** All together. */
export function sumOf(resources: Iterable<Resources>): Size {
  let memoryMb = 0;
  let micro = 0;
  for (const each of resources) {
    memoryMb += each.memoryMb;
    micro += microCpus(each.cpus);
  }
  return { memoryMb, micro };
}

/** So many times an amount. */
export function times(amount: Size, count: number): Size {
  return { memoryMb: amount.memoryMb * count, micro: amount.micro * count };
}

/** Whether it is no more than another, of both kinds. */
export function isWithin(amount: Size, limit: Size): boolean {
  return amount.memoryMb <= limit.memoryMb && amount.micro <= limit.micro;
}

/** `1536 MB and 1.5 CPUs` */
export function amountText({ memoryMb, micro }: Size): string {
  return `${memoryMb} MB and ${Number(cpusOf(micro).toFixed(2))} CPUs`;
}
