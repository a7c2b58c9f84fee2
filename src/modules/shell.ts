import {defineCommand} from './command.js';

export default defineCommand('shell', 'Run a command line through a shell.');
