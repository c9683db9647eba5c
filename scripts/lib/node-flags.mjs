/** What the service is started with: a batch of rows dies as a whole, and with room for it among the young little of it is ever copied. */
export const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=32';

/**
 * What its environment tells the allocator: to keep the thresholds it begins with, so that a large buffer goes back to the system when it is
 * freed. By itself glibc raises them after the first one, keeps what such buffers leave in its own heap, and tears it to pieces. Of such
 * heaps two are enough: the threads beside the main one allocate little.
 */
export const GIVES_BACK = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
