import { DatabaseSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

// The ceiling of the embedded engine: everything that has arrived goes into one transaction, one row per event, fsync.

if (parentPort === null) throw new Error('the writer runs as a worker thread')
const port = parentPort
const database = new DatabaseSync(String(workerData))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec('CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT)')
const insert = database.prepare('INSERT INTO event (body) VALUES (?)')

port.on('message', (first: readonly string[]) => {
  const lists = [first]
  for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
    lists.push(more.message)
  }
  database.exec('BEGIN')
  let last = 0
  for (const list of lists) for (const body of list) last = Number(insert.run(body).lastInsertRowid)
  database.exec('COMMIT')
  port.postMessage(last)
})
