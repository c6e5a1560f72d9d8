#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The metadata services of all clouds, and what may go wrong with one: metadata.py LOG

Prints its port on loopback. The first part of a path says who is asked: /aws/latest/..., or with a
fault, /aws~html/latest/.... Each request is a line of LOG: WHO METHOD PATH STATUS. Ends by SIGTERM.
"""
import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "AQAEALCd3fake-token_0123456789=="


def token(ttl_header, token_header, path="/latest/api/token"):
    return {"path": path, "ttl": ttl_header, "header": token_header}


AWS_DOCUMENT = """{
  "accountId" : "123456789012",
  "architecture" : "x86_64",
  "availabilityZone" : "ap-northeast-2a",
  "billingProducts" : null,
  "devpayProductCodes" : null,
  "imageId" : "ami-0abcdef1234567890",
  "instanceId" : "i-0123456789abcdef0",
  "instanceType" : "p4d.24xlarge",
  "kernelId" : null,
  "pendingTime" : "2026-11-24T06:00:00Z",
  "privateIp" : "10.0.0.10",
  "region" : "ap-northeast-2",
  "version" : "2017-09-30"
}"""
AZURE = {"compute": {"azEnvironment": "AzurePublicCloud", "customData": "", "location": "koreacentral",
                     "name": "node<1>", "osType": "Linux", "vmId": "13f56399-bd52-4150-9748-7190aae1ff21",
                     "vmSize": "Standard_NC24ads_A100_v4", "zone": "2"},
         "network": {"interface": [{"ipv4": {"ipAddress": []}}]}}
ORACLE = {"availabilityDomain": "EMIr:UK-LONDON-1-AD-1", "canonicalRegionName": "uk-london-1",
          "displayName": "train \u00e9", "region": "uk-london-1", "regionInfo": {"realmKey": "oc1"},
          "shape": "VM.GPU3.1", "shapeConfig": {"ocpus": 6.0, "memoryInGBs": 90.0}}
HETZNER = """availability-zone: hel1-dc2
hostname: node
instance-id: 42
local-ipv4: ''
network-config:
  config:
  - name: eth0
public-ipv4: 192.0.2.1
region: eu-central
"""

# what: {path: body}; headers: those that a request must have; reply: those of an answer.
SERVICES = {
    "aws": {"token": token("X-aws-ec2-metadata-token-ttl-seconds", "X-aws-ec2-metadata-token"),
            "must": True, "what": {"/latest/dynamic/instance-identity/document": AWS_DOCUMENT}},
    "gcp": {"headers": {"Metadata-Flavor": "Google"}, "reply": {"Metadata-Flavor": "Google"},
            "what": {"/computeMetadata/v1/instance/zone": "projects/123456789/zones/asia-northeast3-a",
                     "/computeMetadata/v1/instance/machine-type":
                         "projects/123456789/machineTypes/a2-highgpu-1g"}},
    "azure": {"headers": {"Metadata": "true"},
              "what": {"/metadata/instance?api-version=2021-02-01": json.dumps(AZURE)}},
    "oracle": {"headers": {"Authorization": "Bearer Oracle"},
               "what": {"/opc/v2/instance/": json.dumps(ORACLE, ensure_ascii=False)}},
    "alibaba": {"token": token("X-aliyun-ecs-metadata-token-ttl-seconds", "X-aliyun-ecs-metadata-token"),
                "what": {"/latest/meta-data/region-id": "cn-hangzhou",
                         "/latest/meta-data/zone-id": "cn-hangzhou-h",
                         "/latest/meta-data/instance/instance-type": "ecs.gn6i-c4g1.xlarge"}},
    "digitalocean": {"what": {"/metadata/v1.json": json.dumps({"droplet_id": 1, "region": "nyc3"})}},
    "hetzner": {"what": {"/hetzner/v1/metadata": HETZNER}},
    "vultr": {"what": {"/v1.json": json.dumps({"region": {"regioncode": "EWR"}})}},
    "akamai": {"token": token("Metadata-Token-Expiry-Seconds", "Metadata-Token", "/v1/token"),
               "must": True, "what": {"/v1/instance": json.dumps(
                   {"id": 1, "region": "us-iad", "type": "g6-standard-1"})}},
    "scaleway": {"what": {"/conf?format=json": json.dumps({"zone": "fr-par-1", "commercial_type": "GPU-3070-S"})}},
    "tencent": {"what": {"/latest/meta-data/placement/region": "ap-seoul",
                         "/latest/meta-data/placement/zone": "ap-seoul-1",
                         "/latest/meta-data/instance/instance-type": "GN7.2XLARGE32"}},
    "huawei": {"what": {"/openstack/latest/meta_data.json": json.dumps(
        {"availability_zone": "cn-north-4a", "region_id": "cn-north-4", "meta": {}})}},
    "upcloud": {"what": {"/metadata/v1.json": json.dumps({"region": "fi-hel1"})}},
    "exoscale": {"what": {"/latest/meta-data/availability-zone": "ch-gva-2",
                          "/latest/meta-data/service-offering": "GPU-small"}},
    "naver": {"token": token("X-NCP-METADATA-TOKEN-TTL-SECONDS", "X-NCP-METADATA-TOKEN"), "must": True,
              "what": {"/latest/meta-data/regionCode": "KR", "/latest/meta-data/zoneCode": "KR-2",
                       "/latest/meta-data/serverProductCode": "SVR.VSVR.GPU.G001.C008.M064"}},
    "openstack": {"what": {"/latest/meta-data/placement/availability-zone": "kr-pub-a\n",
                           "/latest/meta-data/instance-type": "g2.c8m32\n"}},
}
HTML = "<!DOCTYPE html><html><title>Log in</title><body>Please log in, region: <b>eu-central-1</b></body></html>"


def genuine(service, method, path, headers):
    """(status, body) of a service that is well."""
    tok = service.get("token")
    if tok and path == tok["path"]:
        if method != "PUT":
            return 405, ""
        return (200, TOKEN) if headers.get(tok["ttl"]) else (400, "Bad Request")
    if method != "GET":
        return 405, ""
    if service.get("must") and headers.get(tok["header"]) != TOKEN:
        return 401, "Unauthorized"
    for name, value in service.get("headers", {}).items():
        if headers.get(name) != value:
            return 403, "Forbidden"
    body = service["what"].get(path)
    return (404, "Path Not found.") if body is None else (200, body)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log_path = None

    def log_message(self, *_):
        pass

    def note(self, who, path, status):
        with open(self.log_path, "a", encoding="utf-8") as log:
            log.write(f"{who} {self.command} {path} {status}\n")

    def send(self, status, body, headers=None, length=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def wait_for_end(self):
        self.connection.settimeout(10)
        try:
            while self.connection.recv(4096):
                pass
        except OSError:
            pass
        self.close_connection = True

    def drip(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)

    def pour(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        self.close_connection = True

    def answer(self, fault, status, body, headers):
        simple = {
            "html": (200, HTML), "word": (200, "OK"), "missing": (404, "not found"),
            "error": (500, "x"), "empty": (200, ""), "list": (200, "[1]"), "blank": (204, ""),
            "deep": (200, '{"region":' + "[" * 100 + "]" * 100 + "}"),
            "numbers": (200, '{"region":7,"availabilityZone":[],"instanceType":null}'),
        }
        if fault in simple:
            self.send(simple[fault][0], simple[fault][1].encode(), headers)
        elif fault == "hang":
            self.wait_for_end()
        elif fault == "slow":
            self.drip(body)
        elif fault == "huge":
            self.send(200, b"{" + b" " * (1 << 20), headers)
        elif fault == "endless":
            self.pour()
        elif fault == "cut":
            self.send(status, body, headers, len(body) + 10)
            self.close_connection = True
        elif fault == "redirect":
            self.send(302, b"", {"Location": "/redirected/" + self.path.lstrip("/")})
        elif fault == "noise":
            self.wfile.write(b"\x00\xff\x00SSH-2.0\r\n")
            self.close_connection = True
        elif fault == "split":
            self.send(200, b"token\r\nX-Evil: yes" if self.command == "PUT" else body, headers)
        else:
            self.send(status, body, headers)

    def handle_any(self):
        who, _, path = self.path[1:].partition("/")
        path = "/" + path
        name, _, fault = who.partition("~")
        if name not in SERVICES:
            self.note(who, path, 404)
            return self.send(404, b"")
        service = SERVICES[name]
        status, text = genuine(service, self.command, path, self.headers)
        headers = {} if fault == "anonymous" else service.get("reply")
        body = text.encode()
        if fault == "latin1":
            body = body.replace(b"ap-", b"\xff\xfe-")
        elif fault == "quotes":
            body = body.replace(b"ap-northeast-2", b"<script>alert(1)</script>-2")
        elif fault == "novalue":
            body = body.replace(b'"region"', b'"other"')
        if fault.startswith("later-"): # the token is well, what comes after it is not
            fault = "" if self.command == "PUT" else fault[6:]
        self.note(who, path, status)
        return self.answer(fault, status, body, headers)

    do_GET = do_PUT = do_POST = handle_any # noqa: N815


def full_port():
    """A port that takes no further connection: its queue is full and is never emptied."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    held = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(server.getsockname())
        held.append(client)
    return server, held


def main(log_path):
    Handler.log_path = log_path
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    full, held = full_port()
    print(server.server_port, full.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (time.sleep(600), server.shutdown()), daemon=True).start()
    server.serve_forever()
    del held


if __name__ == "__main__":
    main(sys.argv[1])
