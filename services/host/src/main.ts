import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// What survives a collection of young objects here is small: several threads looking for it cost more than they spare.
setFlagsFromString('--no-parallel-scavenge')
// Stripping types and compiling is half of a start: done once per change of a file, beside the installed packages. Where
// that can't be written, every start does it again.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url)))
await import('./run.ts')
