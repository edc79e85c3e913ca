/** A Web Worker that fails as soon as it runs. */
throw new Error('this worker is broken');
