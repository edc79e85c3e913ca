/** What all users have done so far, as they saw it: the audit compares it with what the services have. */
export class Tally {
  loops = 0;
  logins = 0;
  /** Flights, two for a booking both ways. */
  booked = 0;
  cancelled = 0;
  /** Bookings that were refused since a flight had no seat left. */
  soldOut = 0;
  /** Cancellations that came too late: another user of the same customer had been quicker. */
  cancelledByOthers = 0;
  failed = 0;
  firstFailure = '';

  /** Calls that the services made to each other for all this. */
  get callsBetweenServices(): number {
    return this.logins + 2 * (this.booked + this.cancelled);
  }

  fail(error: unknown): void {
    if (this.failed++ === 0) this.firstFailure = error instanceof Error ? error.message : String(error);
  }
}
