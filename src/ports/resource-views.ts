/** What has a `callback_url`. */
export type ViewedNoun = 'build' | 'deploy' | 'reconcile';

/** Shows resources as the API does, to parts that are not the API. */
export interface ResourceViews {
  /** The same as GET of the resource answers below `data`. Throws `not_found` where there is none. */
  view(noun: ViewedNoun, id: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Injection token of {@link ResourceViews}. */
export const RESOURCE_VIEWS = Symbol('ResourceViews');
