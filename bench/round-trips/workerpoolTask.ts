/** The worker file of workerpool. */
import { loadRival } from '../loadRival.ts';
import answer from '../workers/poolTask.ts';

loadRival<{ worker(methods: object): void }>('workerpool')?.worker({ answer });
