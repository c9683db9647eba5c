/** What the service is started with: a batch of rows dies as a whole, and with room for it among the young little of it is ever copied. */
export const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=32';
