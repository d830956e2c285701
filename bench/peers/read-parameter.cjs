const { request } = require('node:https');
const aws4 = require('aws4');

/*
 * Reads a parameter of AWS' Parameter Store with one signed request, which is the least that a function can do: the AWS SDK
 * takes longer to load than the rest of a function.
 */
exports.readParameter = (name) => {
  const { AWS_REGION, AWS_ENDPOINT_URL_SSM } = process.env;
  const url = new URL(AWS_ENDPOINT_URL_SSM ?? `https://ssm.${AWS_REGION}.amazonaws.com/`);
  const body = JSON.stringify({ Name: name, WithDecryption: true });
  const { headers } = aws4.sign({
    method: 'POST',
    service: 'ssm',
    region: AWS_REGION,
    path: '/',
    body,
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
    },
  });
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text).Parameter.Value);
        else reject(new Error(`Parameter Store returned ${response.statusCode}`));
      });
    });
    sent.on('error', reject).end(body);
  });
};
