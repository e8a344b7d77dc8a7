/** Longest name of an image, in characters; Docker's own limit is 255 for the part before tag and digest. */
const LONGEST = 400;

/** https://pkg.go.dev/github.com/distribution/reference: host and port, path, tag, digest. */
const IMAGE =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** The fault of the name of a builder image; null for a good one. */
export function builderImageFault(image: string): string | null {
  if (image.length <= LONGEST && IMAGE.test(image)) return null;
  return 'should be the name of an image, such as registry.example.com/builder:1 or registry.example.com/builder@sha256:….';
}
