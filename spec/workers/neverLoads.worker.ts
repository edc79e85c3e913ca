/** A worker file that is never loaded. */
setInterval(() => {}, 1_000);
await new Promise(() => {});
