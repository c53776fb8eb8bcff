"""Reviews as area chairs paste them: mail, notes, tables, in several orders. All of it is invented."""

MAILS = """Paper: Estuary Coding of Weight Deltas

From: Reviewer 3 <r3@example.org>
Date: Mon, 3 Feb 2031 10:12:44 +0100
Subject: my review

Overall: 3/5
Confidence: high

The delta codes are neat. I miss a decoder timing.

From: Authors <authors@example.org>
To: Reviewer 3
Date: 11 Feb 2031
Subject: Re: my review

We timed the decoder: 4 ms a layer.

From: Reviewer 3 <r3@example.org>
Date: 12 Feb 2031
Subject: Re: Re: my review

Thanks, that settles the timing. I keep my score.
"""
QUOTED = """Hi, forwarding what came in for "Estuary Coding of Weight Deltas".

On 3 Feb 2031, Reviewer 1 wrote:
> Rating: 6
> Confidence: 3
>
> The paper is clear. The authors do not say
> 4.2 on which network the delta was measured.
>
> Weak points:
> - one seed
>
> Reviewer 2
> Rating: weak accept (6/10)
> Nice, but small scale.
"""
GERMAN_DATES = """Reviewer 1 (12.11.2031)
Score: 4

Only one data set.

Reviewer 2, 13. November 2031
Score: 7

Well done, I have no questions.

Reply of the authors to Reviewer 1 - 20 novembre 2031

We added a second data set.

Reviewer 1 (24.11.2031, after rebuttal)

The second data set helps. I go up.
Final rating: 6
"""
INTERLEAVED = """Referee #1: The salt model is unclear and the text is long.
Score: 5

Response:
We shortened the text.

Referee #2: I like the salt model.
Score: 8

Response:
Thank you.
"""
INSIDE_A_RESPONSE = """R1
Rating: 4: Below threshold
The baseline is weak.

R2
Rating: 7
Fine work, I think.

R4
A good read without much new. I give no score before the response.

General response

We thank all for their time.

R1: We now compare with a tuned baseline.
R2: We fixed the caption.
R4:
We do not agree; our Theorem 2 is new.

R4 (post-rebuttal)
I read the response. Theorem 2 is new indeed, I lean to accept.
"""
CHAIR_NOTES = """AC note: R2 promised a second review by Friday.

AnonReviewer1
Recommendation: Accept
Confidence: medium
The estuary is deep.

AnonReviewer2
Rating: 3
I saw this at a workshop.

Message from the area chair to Reviewer 2
Please name the workshop paper.

AnonReviewer2's reply to the area chair
It was Tides 2030.

Area Chair:
I recommend to reject; both agree on the overlap.
"""
TABLE = """| Reviewer | Rating | Confidence |
|---|---|---|
| R1 | 6 | 4 |
| R2 | 3 | 2 |
| R3 | 8 | 5 |

## Reviewer 1
The cut is deep.

## Reviewer 2
I doubt the second table.

## Author response (R2)
Our second table is right; see the appendix.
"""
ONE_LINERS = """R1: 6 (confidence 4)
R2: 3/10, confidence: 5

R1:
The idea is sound. The authors could cut the proofs.

R2:
I cannot follow Section 4.

Authors to R2:
Section 4 is rewritten.

Follow-up by R2
Now I can follow it.
"""
TWO_OF_ONE_NUMBER = """Reviewer 2
Rating: 5
First of two. The river is too short.

Reviewer 2
Rating: 8
Second of two, from another person. The river is long enough.

Reviewer 2
I should add that the figures are blurred.
"""
MARKDOWN = """### Official Review by Reviewer xT4q
**Rating:** 4 -> 5
**Confidence:** 3/5

**Strengths:** few, but real.

**Weaknesses:**
1. One seed.
0.81 on average is not much.
2. No code.

### Comment by Reviewer xT4q
Any news on the code?

### Official Response by Authors to Reviewer xT4q
Our code is online.

### Official Review by Reviewer Kd0a
**Rating (1-5):** 2

Reviewer said nothing of the harbour, I do: it is missing.

--- update after rebuttal ---
The harbour is there now.

### Paper Decision
Accept (poster)
"""
