/**
 * The ports on a host that lead to containers. They end below 32768, where Linux begins to hand out ports to outgoing
 * connections (net.ipv4.ip_local_port_range, 32768 to 60999), so that no client socket is ever in the way.
 */
export const HOST_PORTS = { first: 20_000, last: 29_999 } as const;

/**
 * A free port of a host; null when all are taken. The seed, the container's name say, picks where the search begins,
 * so that the same instance asks for the same port again and different ones seldom for one.
 */
export function pickHostPort(taken: ReadonlySet<number>, seed: string): number | null {
  const count = HOST_PORTS.last - HOST_PORTS.first + 1;
  const start = hash(seed) % count;
  for (let step = 0; step < count; step += 1) {
    const port = HOST_PORTS.first + ((start + step) % count);
    if (!taken.has(port)) return port;
  }
  return null;
}

/** FNV-1a, 32 bit (http://www.isthe.com/chongo/tech/comp/fnv/): short texts that differ little land far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
