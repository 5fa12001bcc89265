import { type TObject, type TProperties, type TSchema, type TUnsafe, type Static, Type } from 'typebox';

import { Flag, TargetRef, named, section } from '../../config/fields.ts';
