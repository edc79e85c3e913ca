/** How a thread is told its share: it may be nothing, which as a job would end the thread. */
export function jobOf(share: number): number {
  return share + 1;
}

export function shareOf(job: number): number {
  return job - 1;
}
