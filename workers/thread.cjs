/**
 * What piscina requires in a worker thread: it imports `thread.js`. A thread that is ended while it requires an ES
 * module takes the whole process with it (Node 20).
 */
exports.link = async (orders) => (await import('./thread.js')).link(orders);
