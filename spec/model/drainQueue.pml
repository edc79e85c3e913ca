/*
 * The protocol of the drain queue: entry before tail, the head that says whether it is taken and carries a fence, the
 * second look after release, takeover from a holder that sleeps or is dead, and the revocation of a claim that is never
 * committed.
 *
 * Each atomic step here is one Atomics operation there; plain accesses to the message stand in no race, as asserted.
 * A plain read that only guesses is a choice: it may say anything, and what follows has to put it right.
 * THREADS threads each offer one message and then drain, as users do. Records are one unit long; the ring has UNITS
 * places, fewer than there are messages, so places and laps are used again. Time is not modelled: with TAKEOVERS > 0 a
 * loser may take the holder for dead at any moment, which covers holders that are dead and those that only slept.
 * A thread may die (with DEATHS > 0) at any step.
 *
 *   spin -a [-D...] drainQueue.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * Seeded faults, each of which must be found:
 *   -DNO_RECHECK   the winner does not look again after it has left the claim
 *   -DNO_FENCE     who takes over leaves the head as it was
 *   -DGUESS_LOST   a thread takes it from what it saw before its commit that another one drains
 *   -DBLIND_COMMIT a producer commits by a store rather than a compare-and-set
 *   -DTAIL_FIRST   a place is taken by moving the tail, the entry is written afterwards
 */
#ifndef THREADS
#define THREADS 3
#endif
#ifndef UNITS
#define UNITS 2
#endif
#ifndef TAKEOVERS
#define TAKEOVERS 0
#endif
#ifndef DEATHS
#define DEATHS 0
#endif
#ifndef REVOCATIONS
#define REVOCATIONS 0
#endif

#define FREE 0
#define CLAIMED 1
#define COMMITTED 2
#define SKIPPED 3
#define NONE 255

/* An entry: the position for which it was made (its lap and its unit), plus 1 so that 0 is fresh memory; and its state. */
byte entryPosition[UNITS];
byte entryState[UNITS];
byte message[UNITS];      /* who wrote the place last */
byte tail;
byte head;                /* position; it is one word with ... */
byte fence;
bool taken;

/* What the specification watches; no thread acts on it. */
byte handled[THREADS];    /* how often the message of each thread was handled */
bool delivered[THREADS];  /* commit said so */
bool dead[THREADS];
byte holder = NONE;       /* who drains by right */
byte inside;              /* threads within a handler */
byte handling[THREADS];   /* position being handled by each thread, or NONE */
byte takeovers;
byte deaths;
byte revocations;
byte ended;

#if DEATHS > 0
#define MAY_DIE :: deaths < DEATHS -> deaths++; dead[me] = true; goto dies
#else
#define MAY_DIE
#endif

#define IS_SETTLED(p) (entryPosition[(p) % UNITS] == (p) + 1 && entryState[(p) % UNITS] >= COMMITTED)
#define HEAD_IS_OLD (!taken || head != myHead || fence != myFence)

inline take() { taken = true; holder = me; hasLeft = false; myHead = head; myFence = fence }

proctype thread(byte me) {
  byte myTail, seenPosition, myFence, myHead, place;
  byte seenState;
  bool noRoom, seenTaken, hasLeft;

offering:
  do
  MAY_DIE
  :: atomic { myTail = tail; } 
     atomic { seenPosition = entryPosition[myTail % UNITS]; seenState = entryState[myTail % UNITS]; }
     if
     :: seenPosition == myTail + 1 ->
        atomic { if :: tail == myTail -> tail = myTail + 1 :: else fi }
     :: seenPosition > myTail + 1 -> skip
     :: else ->
        atomic { noRoom = (myTail - head >= UNITS) }
        if
        :: noRoom ->
           if
           :: atomic { tail == myTail -> goto draining }   /* refused: nothing was written */
           :: else
           fi
        :: else ->
#ifdef TAIL_FIRST
           atomic { if :: tail == myTail -> tail = myTail + 1; place = myTail :: else -> goto offering fi }
           if
           MAY_DIE
           :: skip
           fi;
           atomic { entryPosition[place % UNITS] = place + 1; entryState[place % UNITS] = CLAIMED }
           break
#else
           atomic {
             if
             :: entryPosition[myTail % UNITS] == seenPosition ->
                entryPosition[myTail % UNITS] = myTail + 1;
                entryState[myTail % UNITS] = CLAIMED;
                place = myTail
             :: else -> goto offering
             fi
           }
           if
           MAY_DIE
           :: atomic { if :: tail == myTail -> tail = myTail + 1 :: else fi }
           fi;
           break
#endif
        fi
     fi
  od;

#ifdef GUESS_LOST
  seenTaken = taken;
#endif
  /* The message is written. Nobody may be reading this place, unless the claim was revoked. */
  if
  MAY_DIE
  :: atomic {
       if
       :: entryPosition[place % UNITS] == place + 1 && entryState[place % UNITS] == CLAIMED ->
          message[place % UNITS] = me
       :: else
       fi
     }
  fi;
  if
  MAY_DIE
  :: atomic {
#ifdef BLIND_COMMIT
       entryPosition[place % UNITS] = place + 1;
       entryState[place % UNITS] = COMMITTED;
       delivered[me] = true
#else
       if
       :: entryPosition[place % UNITS] == place + 1 && entryState[place % UNITS] == CLAIMED ->
          entryState[place % UNITS] = COMMITTED;
          delivered[me] = true
       :: else
       fi
#endif
     }
  fi;

draining:
  if
  :: skip                                   /* there seems to be something */
  :: myHead = head;
     if
     :: atomic { tail == myHead -> goto ends }
     :: else
     fi
  fi;
#ifdef GUESS_LOST
  if
  :: seenTaken -> goto ends
  :: else
  fi;
#endif
takes:
  /* The first try expects what was guessed; where that is not there, it says what is. */
  if
  MAY_DIE
  :: atomic {
       if
       :: !taken -> take(); goto holds
       :: seenTaken = taken; myHead = head; myFence = fence
       fi
     }
  fi;
  if
  MAY_DIE
  :: !seenTaken ->
     atomic {
       if
       :: !taken && head == myHead && fence == myFence -> take()
       :: else -> goto ends
       fi
     }
  :: seenTaken && takeovers < TAKEOVERS ->
     atomic {
       if
       :: HEAD_IS_OLD -> goto ends
       :: else ->
#ifndef NO_FENCE
          fence++;
#endif
          takeovers++;
          take()
       fi
     }
#if TAKEOVERS > 0 && DEATHS > 0
     /* Who lost to a dead holder comes back until the time-out has passed. */
  :: atomic { seenTaken && takeovers == TAKEOVERS -> goto ends }
#else
  :: seenTaken -> goto ends
#endif
  fi;

holds:
  do
  :: atomic { seenPosition = entryPosition[myHead % UNITS]; seenState = entryState[myHead % UNITS] }
     if
     MAY_DIE
     :: seenPosition != myHead + 1 ->
        /* Vacant, unless the right to drain is lost: else this would be an error. */
#ifndef TAIL_FIRST
        atomic { assert(holder != me || tail == myHead || entryPosition[myHead % UNITS] == myHead + 1) }
#endif
        break
     :: seenPosition == myHead + 1 && seenState == CLAIMED ->
        if
        :: revocations < REVOCATIONS ->
           atomic {
             if
             :: entryPosition[myHead % UNITS] == seenPosition && entryState[myHead % UNITS] == CLAIMED ->
                entryState[myHead % UNITS] = SKIPPED; revocations++
             :: else
             fi
           }
        :: break
        fi
     :: seenPosition == myHead + 1 && seenState >= COMMITTED ->
        if
        :: seenState == COMMITTED ->
           /* The handler runs from here ... */
           atomic {
             inside++; handling[me] = myHead;
             assert(inside == 1 || takeovers > 0);
             if
             :: holder == me ->
                assert(entryPosition[myHead % UNITS] == myHead + 1 && head == myHead);
                handled[message[myHead % UNITS]]++
             :: else /* taken over between look and call: what it reads may be another's, as documented */
             fi
           }
           /* ... to here, and any other thread may step in between. */
           if
           MAY_DIE
           :: atomic {
                assert(!(holder == me && entryPosition[myHead % UNITS] != myHead + 1));
                inside--; handling[me] = NONE
              }
           fi
        :: seenState != COMMITTED ->
           /* Revoked, and its producer may have died before it moved the tail. */
           atomic { if :: tail == myHead -> tail = myHead + 1 :: else fi }
        fi;
        if
        MAY_DIE
        :: atomic {
             if
             :: HEAD_IS_OLD -> goto looks
             :: else ->
                assert(holder == me);
                head = myHead + 1;
                myHead++;
                if
                :: skip                     /* the next one seems to be settled */
                :: taken = false; holder = NONE; hasLeft = true; goto looks
                fi
             fi
           }
        fi
     fi
  od;
  if
  MAY_DIE
  :: atomic {
       if
       :: HEAD_IS_OLD
       :: else -> assert(holder == me); taken = false; holder = NONE; hasLeft = true
       fi
     }
  fi;

looks:
#ifndef NO_RECHECK
  if
  :: hasLeft ->
     if
     :: atomic { IS_SETTLED(myHead) -> goto takes }
     :: else
     fi
  :: !hasLeft ->
     if
     :: atomic { IS_SETTLED(head) -> goto takes }
     :: else
     fi
  fi;
#endif
  goto ends;

dies:
  atomic { if :: handling[me] != NONE -> inside--; handling[me] = NONE :: else fi }
ends:
  ended++
}

init {
  byte i;
  atomic {
    i = 0;
    do
    :: i < THREADS -> handling[i] = NONE; run thread(i); i++
    :: else -> break
    od
  }
  ended == THREADS;

  /* One more thread drains in the end, where time-outs were needed: it comes after the bound. */
  if
  :: DEATHS == 0 && TAKEOVERS == 0 && REVOCATIONS == 0 ->
     assert(tail == head);
     assert(!taken)
  :: else ->
     do
     :: head == tail -> 
        /* A place taken whose producer died before the tail: the next producer helps. */
        if
        :: entryPosition[head % UNITS] == head + 1 -> tail = head + 1
        :: else -> break
        fi
     :: head != tail ->
        assert(entryPosition[head % UNITS] == head + 1);
        if
        :: entryState[head % UNITS] == COMMITTED -> handled[message[head % UNITS]]++
        :: else
        fi;
        head++
     od
  fi;

  i = 0;
  do
  :: i < THREADS ->
     /* Nothing is lost; nothing is handled twice unless somebody was taken for dead, or died. */
     assert(!delivered[i] || handled[i] >= 1);
     assert(handled[i] <= 1 || takeovers > 0 || deaths > 0);
     assert(delivered[i] || handled[i] == 0);
     i++
  :: else -> break
  od
}
