import { ProblemDetails } from '#platform';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** Documents that the route, asked without parameters, is a TimeGate. */
export const AcceptDatetime = () =>
  applyDecorators(
    ApiHeader({
      name: 'Accept-Datetime',
      required: false,
      description: 'Asked without parameters: sends you to what readers saw at this HTTP date (RFC 7089).',
    }),
    ApiResponse({
      status: 302,
      description: 'To the memento of the datetime that was asked for.',
      headers: {
        Location: { description: 'The memento.', required: true, schema: { type: 'string' } },
        Link: {
          description: 'What it is a memento of, and its neighbours.',
          required: true,
          schema: { type: 'string' },
        },
        Vary: { description: 'Accept-Datetime.', required: true, schema: { type: 'string' } },
        'Cache-Control': { description: 'Ask each time.', required: true, schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'Accept-Datetime is no HTTP date.', standardSchema: ProblemDetails }),
  );
