// Loads TypeScript out of .cache/unit, where `tsc` has compiled it (scripts/test.mjs), under its own address: several times faster than compiling
// each file when it is loaded, which matters for tests of a process each. For `node --import`.
import {register} from 'node:module';

register(new URL('compiled-hooks.mjs', import.meta.url));
