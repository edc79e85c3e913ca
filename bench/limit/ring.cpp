// What the machine can do: copies, one cache line there and back, and a ring from one thread to another.
//
// Reads commands, a line each, and answers each with a line: `<milliseconds> <checksum>`, or `error <why>`.
//
//   copy <length> <count>                  memcpy, over and over, between the same two places
//   ping <count>                           two threads that hand a word to and fro
//   ring <length> <count> <batch length>   messages, published when so many bytes are written; 0: each by itself
//
// Messages are copied in and read in place, at both ends as the library's own ring does: the same record header, the
// same alignment, the tail published in batches, the head given back once a drain.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>

namespace {

constexpr uint32_t CAPACITY = 1 << 20;
constexpr uint32_t HEADER_LENGTH = 8;
constexpr uint32_t ALIGNMENT = 8;
constexpr uint32_t PADDING = UINT32_MAX;
constexpr uint32_t MESSAGE = 1;
constexpr uint32_t MAX_LENGTH = CAPACITY / 8 - HEADER_LENGTH;
constexpr uint32_t MAX_COPY = 1 << 24;
// About 150 us: longer than a nap, so that two threads never take turns napping.
constexpr int SPINS_BEFORE_NAP = 1 << 18;
constexpr auto NAP = std::chrono::microseconds(50);

double now() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

// For whoever waits for the other thread, which may have no core to run on: as the other contenders' SpinLimit.
class Spin {
 public:
  void once() {
    if (++spins < SPINS_BEFORE_NAP) return;
    spins = 0;
    std::this_thread::sleep_for(NAP);
  }

 private:
  int spins = 0;
};

// The other thread, which is there all the time: one that is made anew begins on the core of who made it.
class Helper {
 public:
  Helper() : thread([this] { serve(); }) { thread.detach(); }

  void begin(std::function<void()> work) {
    std::lock_guard<std::mutex> lock(mutex);
    todo = std::move(work);
    isDone = false;
    changed.notify_all();
  }

  void finish() {
    Spin spin;
    while (!isDone) spin.once();
  }

 private:
  void serve() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [this] { return static_cast<bool>(todo); });
      std::function<void()> work;
      work.swap(todo);
      lock.unlock();
      work();
      isDone = true;
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> todo;
  std::atomic<bool> isDone{true};
  std::thread thread;
};

// Never destroyed: its thread waits in it until the process ends.
Helper& helper = *new Helper();

// Two cache lines apart, since neighbours are fetched together.
struct Ring {
  alignas(128) std::atomic<uint32_t> tail{0};
  alignas(128) std::atomic<uint32_t> head{0};
  alignas(128) std::atomic<bool> isReady{false};
  alignas(128) uint8_t data[CAPACITY];
};

Ring ring;

uint32_t aligned(uint32_t length) { return (length + ALIGNMENT - 1) & ~(ALIGNMENT - 1); }

void send(uint32_t length, uint32_t count, uint32_t batchLength, uint8_t* source) {
  const uint32_t required = aligned(HEADER_LENGTH + length);
  uint32_t tail = ring.tail.load(std::memory_order_relaxed);
  uint32_t published = tail;
  uint32_t headSeen = ring.head.load(std::memory_order_acquire);
  for (uint32_t sequence = 0; sequence < count; sequence++) {
    source[0] = static_cast<uint8_t>(sequence);
    source[length - 1] = static_cast<uint8_t>(sequence >> 8);
    uint32_t index = tail & (CAPACITY - 1);
    const uint32_t toEnd = CAPACITY - index;
    const uint32_t padding = required > toEnd ? toEnd : 0;
    Spin spin;
    while (CAPACITY - (tail - headSeen) < required + padding) {
      if (published != tail) ring.tail.store(published = tail, std::memory_order_release);
      spin.once();
      headSeen = ring.head.load(std::memory_order_acquire);
    }
    if (padding != 0) {
      const uint32_t header[2] = {padding, PADDING};
      memcpy(ring.data + index, header, HEADER_LENGTH);
      index = 0;
    }
    const uint32_t header[2] = {HEADER_LENGTH + length, MESSAGE};
    memcpy(ring.data + index, header, HEADER_LENGTH);
    memcpy(ring.data + index + HEADER_LENGTH, source, length);
    tail += required + padding;
    if (tail - published > batchLength) ring.tail.store(published = tail, std::memory_order_release);
  }
  ring.tail.store(tail, std::memory_order_release);
}

// What the messages say, in an order that matters.
uint32_t receive(uint32_t count) {
  uint32_t checksum = 0;
  uint32_t head = ring.head.load(std::memory_order_relaxed);
  ring.isReady.store(true, std::memory_order_release);
  Spin spin;
  for (uint32_t received = 0; received < count;) {
    const uint32_t tail = ring.tail.load(std::memory_order_acquire);
    if (tail == head) {
      spin.once();
      continue;
    }
    while (head != tail && received < count) {
      const uint8_t* record = ring.data + (head & (CAPACITY - 1));
      uint32_t header[2];
      memcpy(header, record, HEADER_LENGTH);
      head += aligned(header[0]);
      if (header[1] == PADDING) continue;
      checksum = checksum * 31 + (uint32_t{record[HEADER_LENGTH]} << 8) + record[header[0] - 1];
      received++;
    }
    ring.head.store(head, std::memory_order_release);
  }
  return checksum;
}

void runRing(uint32_t length, uint32_t count, uint32_t batchLength) {
  uint8_t* source = static_cast<uint8_t*>(calloc(1, length));
  uint32_t checksum = 0;
  ring.isReady.store(false, std::memory_order_release);
  helper.begin([&] { checksum = receive(count); });
  Spin spin;
  while (!ring.isReady.load(std::memory_order_acquire)) spin.once();
  const double start = now();
  send(length, count, batchLength, source);
  helper.finish();
  printf("%.6f %d\n", now() - start, static_cast<int32_t>(checksum));
  free(source);
}

void runCopy(uint32_t length, uint32_t count) {
  // Written to, so that both are memory and not the one page of zeroes.
  uint8_t* source = static_cast<uint8_t*>(memset(malloc(length), 1, length));
  uint8_t* target = static_cast<uint8_t*>(memset(malloc(length), 2, length));
  uint32_t sum = 0;
  const double start = now();
  for (uint32_t copy = 0; copy < count; copy++) {
    source[0] = static_cast<uint8_t>(copy);
    memcpy(target, source, length);
    // The compiler may not know what is in memory after this.
    asm volatile("" : : "r"(target), "r"(source) : "memory");
    sum = sum * 31 + target[0] + target[length - 1];
  }
  printf("%.6f %d\n", now() - start, static_cast<int32_t>(sum));
  free(source);
  free(target);
}

void runPing(uint32_t count) {
  alignas(128) static std::atomic<uint32_t> word;
  word.store(0);
  helper.begin([&] {
    Spin spin;
    for (uint32_t turn = 0; turn <= count; turn++) {
      while (word.load(std::memory_order_acquire) != 2 * turn + 1) spin.once();
      word.store(2 * turn + 2, std::memory_order_release);
    }
  });
  // The first time there and back is for the other thread to be there.
  double start = 0;
  Spin spin;
  for (uint32_t turn = 0; turn <= count; turn++) {
    if (turn == 1) start = now();
    word.store(2 * turn + 1, std::memory_order_release);
    while (word.load(std::memory_order_acquire) != 2 * turn + 2) spin.once();
  }
  const double end = now();
  helper.finish();
  printf("%.6f %u\n", end - start, word.load() / 2 - 1);
}

bool isWithin(uint32_t value, uint32_t least, uint32_t most) { return value >= least && value <= most; }

void answer(const char* line) {
  uint32_t length, count, batchLength;
  if (sscanf(line, "copy %u %u", &length, &count) == 2 && isWithin(length, 1, MAX_COPY)) {
    runCopy(length, count);
  } else if (sscanf(line, "ring %u %u %u", &length, &count, &batchLength) == 3 && isWithin(length, 1, MAX_LENGTH) &&
             isWithin(batchLength, 0, CAPACITY / 8)) {
    runRing(length, count, batchLength);
  } else if (sscanf(line, "ping %u", &count) == 1 && isWithin(count, 1, UINT32_MAX / 2 - 2)) {
    runPing(count);
  } else {
    printf("error no such command: %s\n", line);
  }
  fflush(stdout);
}

}  // namespace

int main() {
  char line[256];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    answer(line);
  }
}
