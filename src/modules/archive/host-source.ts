import {sh} from '../../connection/connection.js';
import {requestText} from '../download/request.js';
import {download} from '../download/script.js';
import {literally} from '../kinds/compose.js';
import {unpackArchive} from './unpack-script.js';

/** Whether an archive is to be fetched by the host. */
export function isUrl(src: string): boolean {
	return src.includes('://');
}

const fetchFirst = sh`
	# prints nothing; fetches by fetch_archive what the second argument addresses, and puts the file's path in its place; 9: the words for the user on stderr
	verb=$1 address=$2
	pb_fetched=$(umask 077; mktemp -d) || { echo 'could not make a temporary folder' >&2; exit 9; }
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$pb_fetched"' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM
	status=0
	fetch_archive keep "$pb_fetched/archive" '' '' >"$pb_fetched/answer" 2>"$pb_fetched/said" || status=$?
	case $status in
		0) ;;
		6) echo 'neither curl nor wget is on the host: install one of them' >&2; exit 9 ;;
		*) echo "Failure downloading $address: $(tail -n 1 "$pb_fetched/said")" >&2; exit 9 ;;
	esac
	IFS= read -r code <"$pb_fetched/answer"
	case $code in
		200 | 226) ;;
		*) echo "Failure downloading $address, HTTP Error $code" >&2; exit 9 ;;
	esac
	shift 2
	set -- "$verb" "$pb_fetched/archive" "$@"
`;

const unpackFetched = literally(`fetch_archive() (\n${download.text})\n${fetchFirst.text}${unpackArchive.text}`);

/** The script for an archive of the host, and for an address what it needs on stdin. */
export function archiveScript(src: string, validateCerts: boolean) {
	if (!isUrl(src)) return {script: unpackArchive};
	return {script: unpackFetched, stdin: requestText({url: src, force: false, validate_certs: validateCerts}, src)};
}
