/** Named limits of this engine; `limits` of the ports holds beside them. */
export const sizes = {
  /** Offsets that a partition can give out, so that partition and offset fit one SQLite row id. */
  offsetsPerPartition: 2 ** 38,
  /** Partitions of all topics together: row ids stay below 2^53. */
  partitions: 2 ** 15,
  /** Bytes handed over but not yet answered; beyond them appends are refused. */
  queueBytes: 64 * 1024 * 1024,
  /** Newest messages of all partitions together that are kept in memory for those who follow closely. */
  ringBytes: 64 * 1024 * 1024,
  /** What one message in memory takes beside its bytes, about. */
  ringEntryBytes: 512,
  /** Messages of one page, whatever was asked for. */
  pageMessages: 5_000,
  /** Pages read in one turn of the event loop before others get theirs. */
  pagesAtOnce: 4,
  /** Rows that one trim or one expiry deletes between two commits. */
  rowsForgottenAtOnce: 1_000,
  /** Claims and counters in memory; beyond them the oldest go. */
  volatileEntries: 500_000,
  /** Beyond the budget of an append: how long the writer may take to end. */
  closeMs: 30_000,
  /** How long work that was told to stop may hold up the next owner. */
  handOverMs: 10_000,
  /** Pauses before work that threw is started again: the first, and the longest. */
  restartMs: 50,
  restartMsMax: 5_000,
  /** How long a start waits for another process to let go of the data. */
  lockWaitMs: 5_000,
  /** The file that is given up so that `trim` can run on a full disk. */
  ballastBytes: 16 * 1024 * 1024,
  /** Destroyed and trimmed bytes stand in the write-ahead log at most this long. */
  rinseMs: 60_000,
  /** What must fit in before a full disk counts as recovered. */
  probeBytes: 128 * 1024,
  /** How often an ailing writer looks whether it still ails. */
  probeMs: 1_000,
  /** Bytes of packed operations that go into one commit. */
  commitBytes: 8 * 1024 * 1024,
  /** Pages that the write-ahead log may hold before it is folded in. */
  checkpointPages: 4_000,
  /** Free pages that a trim leaves in the file for what comes next. */
  freePages: 4_096,
} as const
