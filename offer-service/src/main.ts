#!/usr/bin/env node
import { runService } from '@streams-on-mesos/service';
import { runOfferService } from './service.js';
import { settings } from './settings.js';

runService({ name: 'offer-service', settings, run: runOfferService });
