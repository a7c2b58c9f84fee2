/** What this room offers: constant scripts run on hosts, over one connection each. */
export {
	type Become,
	BecomeError,
	type Connection,
	type ConnectionSettings,
	type Content,
	DeadlineError,
	LostConnectionError,
	type Request,
	type Response,
	type Shell,
	type Target,
	UnreachableError,
} from './contract.js';
export {type Script, sh} from './script.js';
