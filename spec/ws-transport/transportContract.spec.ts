import { transportContract } from '../tck/transportContract.ts';
import { connectionsOverWebSocket } from './contractPairs.ts';

transportContract('WebSocket', connectionsOverWebSocket);
