import type { Claim } from './Claim.ts';
import { acmeAirFigures } from './figures/acmeAir.ts';
import { counterFigures } from './figures/counter.ts';
import { encodesFigures } from './figures/encodes.ts';
import type { Figure } from './figures/Figure.ts';
import { headlinesFigure } from './figures/headlinesFigure.ts';
import { limitFigures } from './figures/limit.ts';
import { roundTripsFigures } from './figures/roundTrips.ts';
import { rpsFigures } from './figures/rps.ts';
import { scaleFigures } from './figures/scale.ts';
import { tailFigures } from './figures/tail.ts';
import { paragraph } from './paragraph.ts';

/** What the talk claims and what we promise, in the order of the talk; then what we compare ourselves with. */
export const claims: readonly Claim[] = [
  {
    id: 'counter',
    title: 'Counting together',
    said: paragraph(`
      The talk: threads that contend for one number slow each other down. Let one of them win, count in a
      field of its own and publish at the end, while the losers do other work. Our goal: 20 times the
      contended atomics with two threads, and within 1.5 times of one thread alone.
    `),
    measured: paragraph(`
      Threads count to N, each an equal share; the count has to be N when the clock stops. \`each\` hands over
      every increment by itself; \`per 1,000\` and \`per 10,000\` mean that a thread counts so far in private
      first, and then hands that over. Behind a service the caller cannot tell whether the counter is in this
      thread or in a worker.
    `),
    groups: ['counter/'],
    figures: counterFigures,
    caveats: [
      paragraph(`
        Handing over by thousands is what makes every way fast, \`Atomics.add\` too: a queue cannot beat one
        instruction at adding a number, and handed over one by one it is far slower. Its merit is that what
        is handed over may be anything, that one thread at a time has all of it, and that the losers never
        wait. How much other work they did is among the figures.
      `),
      paragraph(`
        Four threads share two cores here, so they take turns more than they contend.
      `),
    ],
  },
  {
    id: 'encodes',
    title: 'Encodes',
    said: paragraph(`
      The talk: 10 to 20 million frames a second where JSON makes 30 thousand. Our goal: 20 million
      REQUEST_RESPONSE frames a second on two cores like these, and no byte allocated.
    `),
    measured: paragraph(`
      A request of 32 bytes of metadata and 128 bytes of data, written into memory that is there already and
      read back; each library with the same content, by its fastest interface that we found.
    `),
    groups: ['encodes/'],
    figures: encodesFigures,
    caveats: [
      paragraph(`
        JSON has no bytes: \`JSON to Buffer\` carries them as text that happens to need no escapes, \`JSON
        with base64\` is what arbitrary bytes need.
      `),
      paragraph(`
        The others encode a record of the same fields; that a frame also has a stream id, flags and lengths
        is in ours alone.
      `),
      paragraph(`
        Where bars are long the machine changed its pace from round to round, for all contenders at once:
        the ratios, taken round by round, say more.
      `),
    ],
  },
  {
    id: 'rps-in-92mb',
    title: 'Requests in 92 megabytes',
    said: paragraph(`
      The talk: 800 thousand requests a second in 92 MB. Our goal: that, through the Promise interface between
      threads and through the low level over TCP, in each process.
    `),
    measured: paragraph(`
      Request-responses of 32 + 128 bytes in processes that hold nothing else, all answers checked. Memory is
      the most that was seen after any round, and no collection is made for it.
    `),
    groups: ['rps-in-92mb/'],
    figures: rpsFigures,
    caveats: [
      paragraph(`
        With promises, memory is V8's own: it lets the young generation of each thread grow to three times
        16 MB before it collects more often, and whatever survives a collection because its answer is not
        there yet makes it grow. \`node --max-semi-space-size=2\` keeps it small, and costs nothing that can
        be told from noise here; Workers have \`resourceLimits.maxYoungGenerationSizeMb\` for it.
      `),
      paragraph(`
        Client and server share two cores. Over HTTP the client has as many connections as its library
        opens; all others have one.
      `),
    ],
  },
  {
    id: 'acme-air',
    title: 'An airline of microservices',
    said: paragraph(`
      The talk: four times the throughput at a third of the latency of HTTP and REST with 60 users, still
      climbing at 1,000. Our goal: one of the two over TCP, more between threads.
    `),
    measured: paragraph(`
      Four services (auth, customer, flight, booking) with signed tokens, and simulated users in a loop: the
      same code over HTTP and JSON (fastify, undici), the same with a reverse proxy (nginx) beside each
      service as in a service mesh, over flysocket with each service a process of its own, and over flysocket
      with each service a thread. At the end of each way the books are audited: bookings, miles, seats.
    `),
    groups: ['acme-air'],
    figures: acmeAirFigures,
    caveats: [
      paragraph(`
        A user asks as soon as he is answered, so throughput is users by mean time: the two goals are one,
        told twice.
      `),
      paragraph(`
        Users and all services share two cores, which are busy from 60 users on. What follows is how well
        each way does when it is overloaded; nothing can still climb there.
      `),
      paragraph(`
        Between threads it is hardly faster than over TCP here. There are more threads than cores, so they
        sleep between requests, and waking a thread of Node costs about what a message over the loopback
        interface does.
      `),
      paragraph(`
        The talk's tables are not published; its numbers are of another machine, with a mesh (Istio) that
        costs more than a bare nginx.
      `),
    ],
  },
  {
    id: 'tail',
    title: 'Tails under overload',
    said: paragraph(`
      The talk: credits let no sender drown a receiver, and even out tail latency. Our goal: with leases a
      99th percentile of accepted work at most a tenth of that without, once the service is asked for more
      than it can do.
    `),
    measured: paragraph(`
      A service of one thread is asked for half to three times of what it can do, evenly, whether it answers
      or not; the time of a request runs from when it was due. Leases let it say how much it takes: a fixed
      rate, or by the room that it has. Then a feed to eight consumers of whom one is slow.
    `),
    groups: ['tail/'],
    figures: tailFigures,
    caveats: [
      paragraph(`
        What is not accepted is refused at once, at the sender, which is told in the figures as per cent.
        Whoever has to have his answer has to ask again, and waits then.
      `),
      paragraph(`
        Each kind of service is loaded by what it can do itself, so 300 % of HTTP is fewer requests than 300
        % of ours.
      `),
    ],
  },
  {
    id: 'scale',
    title: 'From one to very many',
    said: paragraph(`
      What an operation costs should not depend on how many others there are.
    `),
    measured: paragraph(`
      The same operation with more and more streams open, links to other threads, bytes in a message, and
      producers for one consumer; the broken line is what it would cost if nothing came of that.
    `),
    groups: ['scale/'],
    figures: scaleFigures,
    caveats: [
      paragraph(`
        Streams: a million of them no longer fits into the processor's caches. Links: the two threads at
        their ends look at all rings in turn.
      `),
      paragraph(`
        Bytes: what is longer than an eighth of the ring goes by reference. A message of 16 MiB is longer
        than a frame may be, whose length has 24 bits, so it goes in fragments through the ring, and costs
        far more than its bytes.
      `),
    ],
  },
  {
    id: 'limit',
    title: 'What the machine can do',
    said: paragraph(`
      No message goes faster than memory is copied and a cache line is handed from core to core.
    `),
    measured: paragraph(`
      Copies and messages between two threads, beside a single-producer ring in C++ that is compiled on the
      spot where there is a compiler.
    `),
    groups: ['limit/'],
    figures: limitFigures,
    caveats: [
      paragraph(`
        \`typed array set\` copies between memories that are not shared. Into shared memory the engine
        copies word by word, since others may look on; that is what keeps a ring in JavaScript from the
        speed of one in C++ for messages of a KiB and more.
      `),
      paragraph(`
        \`C++, each published\` writes the tail for each message, as a ring that is not drained in batches
        has to.
      `),
    ],
  },
  {
    id: 'round-trips',
    title: 'To another thread and back',
    said: paragraph(`
      A call to another thread should cost less than turning its arguments into JSON.
    `),
    measured: paragraph(`
      A request of 32 + 128 bytes to another thread of the process, and its data back, by every way that one
      could take in Node.
    `),
    groups: ['round-trips/'],
    figures: roundTripsFigures,
    caveats: [
      paragraph(`
        \`ringbuf.js\` and \`Atomics.wait\` are bare rings and words that carry one answer for one request
        in order, and block a thread or poll; they have neither streams nor credits nor errors, and no event
        loop turns meanwhile.
      `),
      paragraph(`
        With one request in flight everything that sleeps between two messages costs a wake-up by the
        system, which is most of the time.
      `),
    ],
  },
];

/** What is to be said of goals that belong to no claim here. */
export const otherCaveats: readonly string[] = [
  paragraph(`
    \`WorkerPool.run\` with 256 in flight: the thread that asks is the bottleneck, and its profile is flat, no
    item of it a tenth. Twenty times piscina is about what the bare promise interface reaches, without a pool's
    queue, times and options.
  `),
  paragraph(`
    The streams of \`WorkerPool\`: the same of the thread that sends the items.
  `),
  paragraph(`
    A KiB into a ring: the engine copies into shared memory word by word, as \`limit\` shows.
  `),
  paragraph(`
    Memory of a server: Node itself with as many idle sockets takes more than half of what either takes, so half
    of the other cannot be reached.
  `),
  paragraph(`
    Memory with promises: as said under requests in 92 megabytes.
  `),
];

/** All that can be drawn. */
export const everyFigure: readonly Figure[] = [headlinesFigure, ...claims.flatMap(({ figures }) => figures)];
