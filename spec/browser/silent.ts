/** A Web Worker that accepts no link. */
setInterval(() => {}, 1_000);
