import { heavyContract } from '../tck/transportContract.ts';
import { connectionsOver } from './contractPairs.ts';

heavyContract('TCP', connectionsOver('tcp'));
heavyContract('a Unix socket', connectionsOver('unix'));
heavyContract('TLS', connectionsOver('tls'), ['plain']);
