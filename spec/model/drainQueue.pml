/*
 * The protocol of the drain queue: entry before tail, the claim, the fenced head, the second look after release,
 * takeover from a holder that sleeps or is dead, and the revocation of a claim that is never committed.
 *
 * Each atomic step here is one Atomics operation there; plain accesses to the message stand in no race, as asserted.
 * THREADS threads each offer one message and then drain, as users do. Records are one unit long; the ring has UNITS
 * places, fewer than there are messages, so places and laps are used again. Time is not modelled: with TAKEOVERS > 0 a
 * loser may take the holder for dead at any moment, which covers holders that are dead and those that only slept.
 * A thread may die (with DEATHS > 0) at any step.
 *
 *   spin -a [-D...] drainQueue.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * Seeded faults, each of which must be found:
 *   -DNO_RECHECK   the winner does not look again after it has left the claim
 *   -DNO_FENCE     the head is moved by a store, after a look at the claim, and carries no fence
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
byte head;                /* position */
byte fence;
byte claim;               /* odd = taken */

/* What the specification watches; no thread acts on it. */
byte handled[THREADS];    /* how often the message of each thread was handled */
bool delivered[THREADS];  /* commit said so */
bool dead[THREADS];
byte inside;              /* threads within a handler */
byte handling[THREADS];   /* position being handled by each thread, or NONE */
byte takeovers;
byte deaths;
byte revocations;
byte ended;

#define READY (entryPosition[head % UNITS] == head + 1 && entryState[head % UNITS] >= COMMITTED)

#if DEATHS > 0
#define MAY_DIE :: deaths < DEATHS -> deaths++; dead[me] = true; goto dies
#else
#define MAY_DIE
#endif

inline noteHeadMoved(by) {
  /* Whoever holds the claim by right and is in a handler still owns the place: only it may give it back. */
  assert(!(claim == held[0] && handling[0] == head && by != 0 && !dead[0]));
  assert(!(claim == held[1] && handling[1] == head && by != 1 && !dead[1]));
#if THREADS > 2
  assert(!(claim == held[2] && handling[2] == head && by != 2 && !dead[2]));
#endif
}

byte held[THREADS];       /* the claim each thread believes to hold; 0 = none */

proctype thread(byte me) {
  byte myTail, seenPosition, position, myFence, seenClaim, myHead, place;
  byte seenState;
  bool noRoom;

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
  myHead = head;
  if
  :: atomic { tail == myHead -> goto ends }
  :: else
  fi;
takes:
  seenClaim = claim;
  if
  MAY_DIE
  :: seenClaim % 2 == 0 ->
     atomic { if :: claim == seenClaim -> claim = seenClaim + 1; held[me] = seenClaim + 1 :: else -> goto ends fi }
  :: seenClaim % 2 == 1 && takeovers < TAKEOVERS ->
     atomic {
       if
       :: claim == seenClaim -> claim = seenClaim + 2; held[me] = seenClaim + 2; takeovers++
       :: else -> goto ends
       fi
     }
     if
     MAY_DIE
     :: atomic { fence++ }
     fi
#if TAKEOVERS > 0 && DEATHS > 0
     /* Who lost to a dead holder comes back until the time-out has passed. */
  :: atomic { seenClaim % 2 == 1 && takeovers == TAKEOVERS -> goto ends }
#else
  :: seenClaim % 2 == 1 -> goto ends
#endif
  fi;
  atomic { myHead = head; myFence = fence }
  if
  :: atomic { claim != held[me] -> held[me] = 0; goto ends }
  :: else
  fi;

  do
  MAY_DIE
  :: atomic { tail == myHead -> break }
  :: else ->
     atomic { seenPosition = entryPosition[myHead % UNITS]; seenState = entryState[myHead % UNITS] }
     if
     :: seenPosition != myHead + 1 ->
        /* Not an entry of this position: only possible once the claim is lost. */
#ifndef TAIL_FIRST
        assert(claim != held[me]);
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
             :: claim == held[me] || (head == myHead && fence == myFence) ->
                /* By right, or as good: whoever took the claim over has not moved the fence yet. */
                assert(entryPosition[myHead % UNITS] == myHead + 1 && head == myHead);
                handled[message[myHead % UNITS]]++
             :: else /* fenced between look and call: what it reads may be another's, as documented */
             fi
           }
           /* ... to here, and any other thread may step in between. */
           if
           MAY_DIE
           :: atomic {
                assert(!(claim == held[me] && entryPosition[myHead % UNITS] != myHead + 1));
                inside--; handling[me] = NONE
              }
           fi
        :: else
        fi;
        if
        MAY_DIE
#ifdef NO_FENCE
        :: if
           :: atomic { claim != held[me] -> break }
           :: else
           fi;
           atomic { noteHeadMoved(me); head = myHead + 1; myHead++ }
#else
        :: atomic {
             if
             :: head == myHead && fence == myFence -> noteHeadMoved(me); head = myHead + 1; myHead++
             :: else -> goto fenced
             fi
           }
#endif
        fi
     fi
  od;
  goto releases;

fenced:
  atomic { position = head; seenPosition = fence }
  if
  :: atomic { claim == held[me] && position == myHead ->
       myFence = seenPosition;      /* moved late by an heir that was itself replaced: try again */
       if
       :: head == myHead && fence == myFence -> noteHeadMoved(me); head = myHead + 1; myHead++
       :: else
       fi }
  :: else
  fi;

releases:
  if
  MAY_DIE
  :: atomic { if :: claim == held[me] -> claim = claim + 1 :: else fi; held[me] = 0 }
  fi;
#ifndef NO_RECHECK
  if
  :: atomic { READY -> goto takes }
  :: else
  fi;
#endif
  goto ends;

dies:
  atomic { if :: handling[me] != NONE -> inside--; handling[me] = NONE :: else fi; held[me] = 0 }
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
     assert(claim % 2 == 0)
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
