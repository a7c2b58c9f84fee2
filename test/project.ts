import {join} from 'node:path';

/** The project's folder: AVA runs every test file there, npm every script. A file's own address is another where the tests were bundled (ava.config.js). */
export const root = process.cwd();

/** The program as its users call it; `npm run build` makes what it loads. */
export const program = join(root, 'bin/playbill.js');
