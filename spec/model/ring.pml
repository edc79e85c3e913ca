/*
 * The ring, its batches, and how its consumer sleeps and is woken: RINGS producers, each with a ring of its own, and one
 * consumer thread with one `asleep` flag for all of them. Spin walks through every interleaving.
 *
 * Right is: no message lost, repeated or overwritten before it was read, and no state in which everybody waits.
 * Control words are single atomic steps, since Atomics are sequentially consistent. Records are written and read in
 * steps of their own, so that a wrong order of them and the control words shows.
 *
 * -DBUG=n seeds a mistake, which Spin has to find:
 *   1  the producer looks at `asleep` before its tail is stored (what a plain store of the tail would be)
 *   2  the consumer sleeps without looking at the rings again after it declared itself asleep
 *   3  the producer waits for an answer without having flushed
 *   4  a claim that needs padding asks for the room of the record alone, and overwrites what is unread
 *   5  the producer closes before its last flush
 *   6  closing wakes nobody
 *   7  the consumer gives the space back before it has read
 *   8  the tail is published before the record is written
 * -DDIES lets a producer die anywhere between taking the flag and ringing the bell. Right is then that all it had
 * published is read; the consumer's sleep is bounded, or with -DBUG=9 it is not, which Spin has to find.
 */
#ifndef RINGS
#define RINGS 1
#endif
#ifndef MESSAGES
#define MESSAGES 4
#endif
#ifndef BUG
#define BUG 0
#endif
#define CAPACITY 4       /* in units of the record alignment */
#define POSITION_MASK 7  /* positions wrap at 8 here, at 2^32 there */
#define FIRST_POSITION 6 /* just below the wrap */
#define BATCH 2          /* commit publishes from here on */
#define PADDING 255
#define INDEX(position) ((position) & (CAPACITY - 1))
#define DISTANCE(from, to) (((to) - (from)) & POSITION_MASK)

typedef Ring {
  byte tail = FIRST_POSITION;
  byte head = FIRST_POSITION;
  bool closed;
  byte type[CAPACITY];
  byte length[CAPACITY];
  bool unread[CAPACITY] /* ghost: the record at this index is published or to be, and not yet read */
};

Ring ring[RINGS];
bool asleep;
bool bell; /* a token: rung before the sleep, it ends the sleep at once */
byte received[RINGS];
bool dead[RINGS];

inline wake() {
  if
  :: sleeping ->
    d_step { sleeping = asleep; asleep = false };
    if
    :: sleeping ->
#ifdef DIES
      if
      :: true
      :: dead[r] = true; goto end_dead
      fi;
#endif
      bell = true
    :: else
    fi
  :: else
  fi;
  sleeping = false
}

inline flush() {
  if
  :: tail != published ->
#if BUG == 1
    sleeping = asleep;
    ring[r].tail = tail;
#else
    ring[r].tail = tail;
    sleeping = asleep;
#endif
    published = tail;
    wake()
  :: else
  fi
}

inline put(index, recordType, recordLength) {
  assert(!ring[r].unread[index]);
  ring[r].type[index] = recordType;
  ring[r].length[index] = recordLength;
  ring[r].unread[index] = true
}

proctype Producer(byte r) {
  byte tail = FIRST_POSITION;
  byte published = FIRST_POSITION;
  byte headSeen = FIRST_POSITION;
  byte sequence = 1;
  byte length, padding, required;
  bool sleeping;

  do
  :: sequence <= MESSAGES ->
    if
    :: length = 1
    :: length = 2
    fi;
    d_step {
      padding = (length > CAPACITY - INDEX(tail) -> CAPACITY - INDEX(tail) : 0);
#if BUG == 4
      required = length
#else
      required = length + padding
#endif
    };
    do
    :: required <= CAPACITY - DISTANCE(headSeen, tail) -> break
    :: else ->
      headSeen = ring[r].head;
      if
      :: required <= CAPACITY - DISTANCE(headSeen, tail)
      :: else ->
        flush();
        ring[r].head != headSeen
      fi
    od;
#if BUG == 8
    ring[r].tail = (tail + length + padding) & POSITION_MASK;
#endif
    if
    :: padding > 0 -> put(INDEX(tail), PADDING, padding)
    :: else
    fi;
    put(INDEX(tail + padding), sequence, length);
    tail = (tail + length + padding) & POSITION_MASK;
    sequence++;
    if
    :: DISTANCE(published, tail) >= BATCH -> flush()
    :: else
    fi;
    if
    :: true /* more to say at once */
    :: true -> flush()
    :: true -> /* nothing more to do until all is answered */
#if BUG != 3
      flush();
#endif
      ring[r].head == tail
    fi
  :: else -> break
  od;
#if BUG == 5
  ring[r].closed = true;
  sleeping = asleep;
  wake();
  flush();
#else
  flush();
  ring[r].closed = true;
#if BUG != 6
  sleeping = asleep;
  wake();
#endif
#endif
end_dead:
  skip
}

inline drain() {
  closed = closed && (ring[r].closed || dead[r]);
  tail = ring[r].tail;
  assert(DISTANCE(head[r], tail) <= CAPACITY);
#if BUG == 7
  ring[r].head = tail;
#endif
  do
  :: head[r] != tail ->
    assert(ring[r].unread[INDEX(head[r])]);
    type = ring[r].type[INDEX(head[r])];
    length = ring[r].length[INDEX(head[r])];
    assert(length > 0 && length <= DISTANCE(head[r], tail) && length <= CAPACITY - INDEX(head[r]));
    if
    :: type == PADDING -> assert(length == CAPACITY - INDEX(head[r]))
    :: else -> received[r]++; assert(type == received[r])
    fi;
    ring[r].unread[INDEX(head[r])] = false;
    head[r] = (head[r] + length) & POSITION_MASK;
    worked = true
  :: else -> break
  od;
  if
  :: ring[r].head != head[r] -> ring[r].head = head[r]
  :: else
  fi;
  type = 0;
  length = 0;
  tail = 0
}

proctype Consumer() {
  byte head[RINGS];
  byte r, tail, type, length;
  bool worked, closed, ready;

  for (r : 0 .. RINGS - 1) { head[r] = FIRST_POSITION }
  do
  :: true ->
    worked = false;
    closed = true;
    for (r : 0 .. RINGS - 1) { drain() }
    if
    :: worked
    :: !worked && closed -> break
    :: !worked && !closed ->
      asleep = true;
      ready = false;
#if BUG != 2
      closed = true;
      for (r : 0 .. RINGS - 1) {
        closed = closed && (ring[r].closed || dead[r]);
        if
        :: ring[r].tail != head[r] -> ready = true
        :: else
        fi
      }
      ready = ready || closed;
#endif
      if
      :: ready
      :: !ready ->
        if
        :: bell -> bell = false
#if defined(DIES) && BUG != 9
        :: true /* the sleep is bounded */
#endif
        fi
      fi;
      asleep = false
    fi
  od;
  for (r : 0 .. RINGS - 1) {
    assert(dead[r] || received[r] == MESSAGES);
    assert(ring[r].head == ring[r].tail)
  }
}

init {
  byte r;
  atomic {
    for (r : 0 .. RINGS - 1) { run Producer(r) }
    run Consumer()
  }
}
