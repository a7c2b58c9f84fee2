/** What this room offers: plays walked on hosts, told as events. */

export {type CheckSources, checkTasks} from './check/check-tasks.js';
export {nameKnowledge} from './check/project-names.js';
export {Connections} from './connections.js';
export type {Emit, Event, HostCounts, HostOutcome, ResultDict, Status, TaskFacts} from './events.js';
export {Forecast} from './forecast.js';
export {Knowledge} from './knowledge.js';
export {Loader} from './loader.js';
export {perform} from './perform.js';
export type {Performed, PerformHost, PerformOptions} from './performing.js';
export {runPlays} from './plays.js';
export type {Run} from './run.js';
export {RunFault} from './run-fault.js';
export type {ConnectionDefaults, RunOptions} from './run-options.js';
export {Secrets} from './secrets.js';
export {Stats} from './stats.js';
export {Stepper} from './stepper.js';
export {selectsTask, tagsOf} from './tags.js';
