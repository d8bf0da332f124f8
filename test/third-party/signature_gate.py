"""An HTTP server that checks each request's AWS signature by botocore, which is written by others, and refuses what does not match.

Arguments: access key, secret key, session token or '-', region, service, how many seconds its clock is ahead,
and optionally the URL of a server that gets the requests which passed. Its port is printed when it listens.
"""
import datetime, hashlib, http.client, http.server, json, os, sys, threading, urllib.parse
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY, SECRET_KEY, TOKEN, REGION, SERVICE, AHEAD = sys.argv[1:7]
BEHIND = sys.argv[7] if len(sys.argv) > 7 else None
TOKEN = None if TOKEN == "-" else TOKEN
NOT_MATCHING = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
PASSED_ON = {"content-type", "content-encoding", "accept", "accept-encoding"}


def fault(method, target, headers, body):
    """Why a request is refused, or None. The texts are those of Amazon OpenSearch Service."""
    authorization = headers.get("authorization", "")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return "Missing Authentication Token"
    parts = dict(part.split("=", 1) for part in authorization.split(" ", 1)[1].split(", "))
    key, date, region, service, _ = parts["Credential"].split("/")
    if key != ACCESS_KEY or headers.get("x-amz-security-token") != TOKEN:
        return "The security token included in the request is invalid."
    if (region, service) != (REGION, SERVICE):
        return f"Credential should be scoped to a valid region, not '{region}', and correct service: '{SERVICE}'."
    time = headers["x-amz-date"]
    sent = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ")
    now = datetime.datetime.utcnow() + datetime.timedelta(seconds=int(AHEAD))
    if abs((now - sent).total_seconds()) > 300:
        return f"Signature expired: {time} is now earlier than {now:%Y%m%dT%H%M%SZ} (5 min.)"
    if headers.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
        return NOT_MATCHING
    names = parts["SignedHeaders"].split(";")
    if "host" not in names or "content-length" in names or not {"x-amz-date", "x-amz-content-sha256"} <= set(names):
        return "The signed headers are not the right ones"
    request = AWSRequest(method=method, url=f"https://{headers['host']}{target}", data=body)
    for name in names:
        request.headers[name] = headers[name]
    request.context["timestamp"] = time
    signer = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, TOKEN), SERVICE, REGION)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return None if signer.signature(text, request) == parts["Signature"] else NOT_MATCHING


class Gate(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        why = fault(self.command, self.path, headers, body)
        if why is not None:
            return self.send(403, json.dumps({"message": why}).encode(), {})
        if BEHIND is None:
            return self.send(200, json.dumps({"path": self.path, "headers": headers}).encode(), {})
        there = http.client.HTTPConnection(urllib.parse.urlsplit(BEHIND).netloc, timeout=60)
        there.request(self.command, self.path, body, {n: v for n, v in headers.items() if n in PASSED_ON})
        back = there.getresponse()
        kept = {n: v for n, v in back.getheaders() if n.lower() in {"content-type", "content-encoding", "x-elastic-product"}}
        self.send(back.status, back.read(), {"content-type": "application/json", **{n.lower(): v for n, v in kept.items()}})

    def send(self, status, body, headers):
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

    def log_message(self, *_):
        pass


threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate)
print(server.server_address[1], flush=True)
server.serve_forever()
