'use strict';
// Preloaded by scripts/bench/start.ts: says on file descriptor 3 what this process took.
const { writeSync } = require('node:fs');
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const wall = performance.now();
  writeSync(3, JSON.stringify({ wall, cpu: (userCPUTime + systemCPUTime) / 1000, mib: maxRSS / 1024 }));
});
