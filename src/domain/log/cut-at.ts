/** Where a text may be cut so that no character is halved: at the length, or one before it. */
export function cutAt(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}
