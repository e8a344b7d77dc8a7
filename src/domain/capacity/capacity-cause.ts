/**
 * Why the desired count of a pool changed: more is wanted than fits (`demand`), less than there is (`surplus`), the count
 * was outside of the limits (`limits`), a host is lost or never joined (`host_lost`), a person said so (`operator`), or
 * somebody changed the group elsewhere (`group`).
 */
export const CAPACITY_CAUSES = ['demand', 'surplus', 'limits', 'host_lost', 'operator', 'group'] as const;

/** One of {@link CAPACITY_CAUSES}. */
export type CapacityCause = (typeof CAPACITY_CAUSES)[number];
