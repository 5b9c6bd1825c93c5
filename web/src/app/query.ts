import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../lib/api.ts";

const heard: { signedOut: () => void } = { signedOut: () => undefined };

/** Sets what happens when the server says that the session is over. */
export const onSignedOut = (handler: () => void): void => {
  heard.signedOut = handler;
};

/** Answers that trying again can't change. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status >= 400 && error.status < 500;

/**
 * The app's cache. The live stream keeps it current, so nothing is fetched again by age or focus.
 * Keys: [resource, "list", filter] for lists, [resource, "one", slug or id] for one, and others named by their page.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !isFinal(error) && failures < 2,
    },
  },
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 401) heard.signedOut();
    },
  }),
});

/** What a list query may put into its `meta`: whether an object belongs to the list, so that new ones appear by themselves. */
export interface ListMeta extends Record<string, unknown> {
  admits?: (object: unknown) => boolean;
}
